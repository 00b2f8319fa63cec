"""The strongest passages of a selection of stances: what a page quotes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from standpunt.annotation.issues import Issue
from standpunt.annotation.layers import SIDES
from standpunt.text.likeness import Likeness, Ngrams
from standpunt.text.sentences import split_sentences

LONGEST = 420  # letters of a passage
_SHOWN = ("debate", "date", "turn", "speaker", "holder", "issue", "stance", "certainty", "quote")
_SAMPLE = 400  # texts by which it is told how rare words are


class Passages:
    """What stances rest on, cut to the sentences that concern their issue."""

    def __init__(self, stances: pd.DataFrame, definitions: Mapping[str, Issue], language: str) -> None:
        """Set up with all stances of a collection.

        Args:
            stances: as `standpunt.analysis.across.collection.stances` returns them.
            definitions: of the issues, where there are any, by name.
            language: of the debates.
        """
        self._definitions, self._language = definitions, language
        quoted = stances[stances["quote"].notna()].sort_values("certainty", ascending=False, kind="stable")
        self._texts = quoted["quote"].unique()
        self._cut: dict[tuple[str, str], str] = {}
        self._places: dict[tuple[str | None, ...], list[dict[str, Any]]] = defaultdict(list)
        for row in quoted[list(_SHOWN)].to_dict("records"):
            for names in ({"issue"}, {"issue", "holder"}, {"issue", "debate"}):
                self._places[_key({name: row[name] for name in names})].append(row)

    def strongest(self, most: int, **chosen: str) -> dict[str, list[dict[str, Any]]]:
        """Return the passages of which the model is surest, by side.

        A speaker is quoted once on an issue of a debate, and what two passages have word for word is quoted once.

        Args:
            most: how many of each side.
            chosen: an `issue`, or one with a `holder` or a `debate`.
        """
        found: dict[str, list[dict[str, Any]]] = {side: [] for side in SIDES}
        spoken: set[tuple[str | None, ...]] = set()
        said: set[str] = set()
        for row in self._places.get(_key(chosen), ()):
            side, speaker = row["stance"], (row["stance"], row["debate"], row["speaker"])
            if side not in found or len(found[side]) == most or speaker in spoken or row["quote"] in said:
                continue
            spoken.add(speaker)
            said.add(row["quote"])
            found[side].append(row | {"quote": self.cut(row["quote"], row["issue"])})
            if all(len(rows) == most for rows in found.values()):
                break
        return found

    def cut(self, text: str, issue: str) -> str:
        """Return a text on one line; of a long one, the sentences most like the issue and those that follow."""
        key = (text, issue)
        if key not in self._cut:
            self._cut[key] = self._passage(text, issue)
        return self._cut[key]

    def _passage(self, text: str, issue: str) -> str:
        if len(text) <= LONGEST or issue not in self._definitions:
            return _shortened(text)
        spans = split_sentences(text)
        sentences = [text[start:end] for start, end in spans]
        definition = self._definitions[issue]
        said = definition.said(definition.language_for(self._language))
        best = int(Likeness.by(self._ngrams, [*sentences, said]).of_all(sentences, [said])[:, 0].argmax())
        start, end = spans[best]
        for _, further in spans[best + 1 :]:
            if further - start > LONGEST:
                break
            end = further
        return ("… " if best else "") + _shortened(text[start:end]) + (" …" if end < spans[-1][1] else "")

    @cached_property
    def _ngrams(self) -> Ngrams:
        sample = np.random.default_rng(0).choice(self._texts, min(_SAMPLE, len(self._texts)), replace=False)
        ngrams = Ngrams()
        ngrams.fit([text[start:end] for text in sample for start, end in split_sentences(text)])
        return ngrams


def _key(chosen: Mapping[str, str | None]) -> tuple[str | None, ...]:
    return tuple(chosen.get(name) for name in ("issue", "holder", "debate"))


def _shortened(text: str) -> str:
    """Return a text on one line, cut at a blank where it is long."""
    line = " ".join(text.split())
    if len(line) <= LONGEST:
        return line
    return f"{line[:LONGEST].rsplit(' ', 1)[0].rstrip(',;:–-')} …"
