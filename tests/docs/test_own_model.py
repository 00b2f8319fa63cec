"""The family of the cookbook keeps the contract of those that ship, in sixty lines."""

import sys

from pages import DOCS

CODE = DOCS / "cookbook" / "code"
sys.path.insert(0, str(CODE))

from test_naive_bayes import TestNaiveBayes  # noqa: E402, F401 - collected here


def test_the_family_takes_sixty_lines_at_most():
    assert len((CODE / "naive_bayes.py").read_text("utf-8").splitlines()) <= 60
