"""What is gained by doing things once, each as a ratio in one run, of processor time on one thread.

- The words that define the issues of training, which the first of two stages compares every window with: made vectors
  once, or for each debate, as it was. Small reports gain most.
- The windows of a turn: the same for every issue, or cut anew from the part that passes. Texts to encode are counted.
- TF-IDF of a fold of an experiment: each text cut into words once, or once a fold.

Usage: OMP_NUM_THREADS=1 python benchmarks/once.py [--debates 10] [--turns 12]
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Any

from sklearn.feature_extraction.text import TfidfVectorizer

from standpunt import Model, load_corpus
from standpunt.corpora.rows import column
from standpunt.models.shipped import model_folder
from standpunt.models.windows.cutting import PART, Reading
from standpunt.text.counts import WORD, WordVectors

_WINDOW_WORDS = 50  # of the second stage


def seconds(call: Callable[[], object]) -> float:
    """Return the processor time of a call."""
    start = time.process_time()
    call()
    return time.process_time() - start


def main() -> None:
    """Measure all three and print a line each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--debates", type=int, default=10)
    parser.add_argument("--turns", type=int, default=12, help="of the small reports")
    options = parser.parse_args()
    model: Any = Model.load(model_folder("standpunt-nl"))
    detector = model._detector
    corpus = load_corpus("fictional")
    by_debate: dict[str, list[dict[str, Any]]] = {}
    for row in corpus.rows(with_none=True).to_list():
        by_debate.setdefault(row["debate"], []).append(row)
    debates = list(by_debate.values())[: options.debates]
    small = [[row for row in rows if row["ordinal"] <= options.turns] for rows in debates]

    def each_time(rows: list[dict[str, Any]]) -> object:
        vars(detector).pop("_likeness_of_reference", None)
        return detector.detect(rows, model.issues)

    for what, reports in (("debates", debates), (f"reports of {options.turns} turns", small)):
        reports = [rows for rows in reports if rows]
        for rows in reports:  # sentences are remembered
            detector.detect(rows, model.issues)
        once = seconds(lambda reports=reports: [detector.detect(rows, model.issues) for rows in reports])
        before = seconds(lambda reports=reports: [each_time(rows) for rows in reports])
        print(f"definitions, {what}: {before:.2f} s each time, {once:.2f} s once, ratio {once / before:.2f}")

    apart, shared = 0, 0
    reading = Reading(_WINDOW_WORDS)
    for rows in debates:
        detection = detector.detect(rows, model.issues)
        own, whole = set(), set()
        for index in detection.passed:
            text, (start, end) = rows[index]["text"], detection.spans[index]
            part = {"text": text[start:end]}
            own |= {reading.text(part, span) for span in reading.spans(part)}
            part[PART] = (text, start)
            whole |= {reading.text(part, span) for span in reading.spans(part)}
        apart, shared = apart + len(own), shared + len(whole)
    print(f"windows: {apart} texts where parts are cut, {shared} where turns are, ratio {shared / apart:.2f}")

    texts = column(corpus.rows(), "text")
    WordVectors(texts, 1, 2)

    def fold(start: int) -> list[str]:
        return texts[:start] + texts[start + 100 :]

    def theirs(start: int) -> object:
        vectorizer = TfidfVectorizer(sublinear_tf=True, token_pattern=WORD, min_df=2)
        return vectorizer.fit(fold(start)).transform(fold(start))

    before = seconds(lambda: [theirs(start) for start in range(0, 1000, 100)])
    once = seconds(lambda: [WordVectors(fold(start), 1, 2).transform(fold(start)) for start in range(0, 1000, 100)])
    print(f"TF-IDF of ten folds: {before:.2f} s, {once:.2f} s with words cut once, ratio {once / before:.2f}")


if __name__ == "__main__":
    main()
