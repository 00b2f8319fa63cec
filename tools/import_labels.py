#!/usr/bin/env python3
"""Turn label files with quotes as evidence into standoff layers.

Usage: import_labels.py REPORT DEBATE_FOLDER --title T --date D --issues a,b [--debate TITLE] [--decisions FILE]
       NAME=LABELS.jsonl ...

Each line of LABELS.jsonl is {"turn": ordinal, "issue": name, "label": label, "evidence": [quotes from the turn]}.
Writes source.json and one stance.NAME.jsonl a file. With --decisions, also stance.adjudicated.jsonl: the pairs on which
the first two files agree, and the decisions (same form, label "none" for a pair that is not addressed) on the others.
"""

import argparse
import json
from pathlib import Path

from standpunt.annotation.layers import Label, Layer, quotes_to_spans
from standpunt.annotation.sources import Source
from standpunt.debate import Debate
from standpunt.readers import read_debates


def main() -> None:
    """Import the label files named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("report", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--title", required=True)
    parser.add_argument("--date", required=True)
    parser.add_argument("--issues", required=True)
    parser.add_argument("--debate", help="title of the debate, where the report holds several")
    parser.add_argument("--decisions", type=Path)
    parser.add_argument("labels", nargs="+")
    options = parser.parse_args()
    debate = next(item for item in read_debates(options.report) if options.debate in (None, item.title))
    source = Source.of(debate, title=options.title, date=options.date)
    options.folder.mkdir(parents=True, exist_ok=True)
    source.save(options.folder / "source.json")
    files = [item.partition("=") for item in options.labels]
    layers = {name: _labels(debate, _records(Path(file))) for name, _, file in files}
    if options.decisions:
        first, second = ({(label.turn, label.issue): label for label in layers[name]} for name in list(layers)[:2])
        decided = {(record["turn"], record["issue"]): record for record in _records(options.decisions)}
        differing = {
            pair
            for pair in first.keys() | second.keys()
            if pair not in first or pair not in second or first[pair].label != second[pair].label
        }
        if differing != decided.keys():
            raise SystemExit(
                f"{options.decisions}: not decided {differing - decided.keys()}, "
                f"decided in vain {decided.keys() - differing}"
            )
        agreed = [label for pair, label in first.items() if pair not in differing]
        chosen = [record for record in decided.values() if record["label"] != "none"]
        layers["adjudicated"] = [*agreed, *_labels(debate, chosen)]
    for name, labels in layers.items():
        layer = Layer(name, tuple(options.issues.split(",")), source.sha256, tuple(labels))
        layer.check(debate, source, name)
        layer.save(options.folder / f"stance.{name}.jsonl", source)


def _records(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _labels(debate: Debate, records: list[dict]) -> list[Label]:
    labels = []
    for record in records:
        turn = debate.turn(record["turn"])
        spans = quotes_to_spans(turn.text, record["evidence"])
        labels.append(Label(turn.ordinal, record["issue"], record["label"], turn.speaker.name, spans))
    return labels


if __name__ == "__main__":
    main()
