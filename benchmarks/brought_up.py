"""Which issues debates bring up: of those labelled in them how many are taken, how many others, and how long it takes.

Usage: benchmarks/brought_up.py [CORPUS ...]    (fictional, tk-debates, tk-more, tk-ukraine; STANDPUNT_TRANSCRIPTS says
where the texts are that do not ship)
"""

from __future__ import annotations

import sys
import time

from standpunt.annotation.issues import load_issues, shipped_issues
from standpunt.corpora.corpus import load_corpus
from standpunt.corpora.rows import NONE
from standpunt.prediction.brought_up import LEAST, prominence

CORPORA = ("fictional", "tk-debates", "tk-more", "tk-ukraine")


def main(corpora: list[str]) -> None:
    """Print a line a debate and one a corpus."""
    issues = list(load_issues(shipped_issues()).values())
    for corpus in corpora:
        kept = labelled = others = 0
        debates = load_corpus(corpus).debates
        for item in debates:
            addressed = {label.issue for label in item.layer("adjudicated").labels if label.label != NONE}
            start = time.perf_counter()
            scores = prominence(item.debate, issues, item.source.language)
            seconds = time.perf_counter() - start
            taken = {issue.name for issue, score in zip(issues, scores, strict=True) if score >= LEAST}
            kept, labelled = kept + len(taken & addressed), labelled + len(addressed)
            others += len(taken - addressed)
            missed = ", ".join(sorted(addressed - taken)) or "nothing"
            print(
                f"{corpus} {item.name}: {len(taken & addressed)} of {len(addressed)} labelled issues, "
                f"{len(taken - addressed)} of {len(issues) - len(addressed)} others "
                f"({', '.join(sorted(taken - addressed)) or 'none'}); missed: {missed}; {seconds:.1f} s"
            )
        print(f"{corpus}: {kept} of {labelled} labelled issues, {others / len(debates):.1f} others a debate\n")


if __name__ == "__main__":
    main(sys.argv[1:] or list(CORPORA))
