"""What tables say of how rows were evaluated."""

import pytest

from standpunt.splits import describe


@pytest.mark.parametrize(
    ("corpus", "trained_on", "said"),
    [
        ("fictional", ["fictional"], "leave one debate out"),
        ("xstance, de", ["xstance"], "leave one debate out"),
        ("tk-more", ["fictional", "tk-debates"], "trained on fictional, tk-debates"),
        ("tk-debates", ["tk-debates", "fictional"], "leave one debate out, trained on fictional besides"),
    ],
)
def test_every_corpus_that_was_trained_on_is_named(corpus, trained_on, said):
    assert describe(corpus, trained_on, "leave_one_out", "debate") == said
