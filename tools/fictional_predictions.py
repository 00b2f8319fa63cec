"""Write a folder of predictions over many fictional debates, for tests and benchmarks of what reads such folders.

python tools/fictional_predictions.py FOLDER [DEBATES]

The forty debates that ship are taken as often as needed, each time some years later, with other probabilities and now
and then the other side. The labels are the adjudicated ones with noise, and the passages are their evidence: no model
answers, so that it takes seconds.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from standpunt.annotation.layers import NONE, OPPOSITE, SIDES, STANCES
from standpunt.corpora.corpus import AnnotatedDebate, load_corpus
from standpunt.prediction.output import write_parquet
from standpunt.prediction.places import MANIFEST

_LABELS = (*STANCES, NONE)
_YEARS = 3  # that the debates that ship span
_TURNED = 0.15  # the share of stances that are on the other side in a later copy


def fictional_predictions(debates: int = 200, seed: int = 0) -> pd.DataFrame:
    """Return rows as `standpunt predict` writes them, over so many debates."""
    items = load_corpus("fictional").debates
    rng = np.random.default_rng(seed)
    rows: list[dict[str, Any]] = []
    for number in range(debates):
        copy, place = divmod(number, len(items))
        rows += _rows(_later(items[place], copy), copy, rng)
    return pd.DataFrame(rows)


def write_folder(rows: pd.DataFrame, folder: Path) -> Path:
    """Write rows as a folder of predictions; return it."""
    years = rows["date"].str[:4].fillna("unknown")
    for year, part in rows.groupby(years):
        (folder / f"year={year}").mkdir(parents=True)
        write_parquet([part.reset_index(drop=True)], folder / f"year={year}" / f"part-{'0' * 24}.parquet")
    (folder / MANIFEST).write_text(json.dumps({"fingerprint": "fictional"}), encoding="utf-8")
    return folder


def _later(item: AnnotatedDebate, copy: int) -> AnnotatedDebate:
    """Return a debate some years later, under another name."""
    if not copy:
        return item
    date = item.source.date or "2031-01-01"
    source = replace(item.source, date=f"{int(date[:4]) + _YEARS * copy}{date[4:]}")
    return replace(item, name=f"{item.name}-{copy}", source=source)


def _rows(item: AnnotatedDebate, copy: int, rng: np.random.Generator) -> list[dict[str, Any]]:
    layer = item.layer()
    labels = layer.by_pair()
    evidence = {(label.turn, label.issue): label.evidence for label in layer.labels}
    rows = []
    for turn in item.debate.turns:
        if turn.speaker.role == "chair":
            continue
        for issue in layer.issues:
            pair = (turn.ordinal, issue)
            label = labels.get(pair, NONE)
            if copy and label in SIDES and rng.random() < _TURNED:
                label = OPPOSITE[label]
            sure = rng.uniform(0.4, 0.95)
            others = rng.dirichlet([1.0] * 3) * (1 - sure)
            shares = dict(zip([name for name in _LABELS if name != label], others, strict=True)) | {label: sure}
            best = max(shares, key=lambda name: shares[name])
            spans = evidence.get(pair, ())
            rows.append(
                {
                    "debate": item.name,
                    "title": item.source.title,
                    "date": item.source.date,
                    "turn": f"{item.name}-{turn.ordinal:03d}",
                    "ordinal": turn.ordinal,
                    "speaker": turn.speaker.name,
                    "party": turn.speaker.party,
                    "role": turn.speaker.role,
                    "kind": turn.kind,
                    "issue": issue,
                    "knows_issue": True,
                    **{f"p_{name}": shares[name] for name in _LABELS},
                    "label": best,
                    "evidence": " ".join(turn.text[start:end] for start, end in spans) or None,
                    "trust": "hint",
                    "measured_right": 17,
                    "measured_of": 26,
                    "file": f"{item.name}.txt",
                }
            )
    return rows


if __name__ == "__main__":
    made = fictional_predictions(int(sys.argv[2]) if len(sys.argv) > 2 else 200)
    write_folder(made, Path(sys.argv[1]))
    print(f"{len(made)} rows, {made['debate'].nunique()} debates: {sys.argv[1]}")
