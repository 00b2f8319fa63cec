#!/usr/bin/env python3
"""Turn label files with quotes as evidence into standoff layers.

Usage: import_labels.py REPORT DEBATE_FOLDER --title T --date D --issues a,b NAME=LABELS.jsonl ...

Each line of LABELS.jsonl is {"turn": ordinal, "issue": name, "label": label, "evidence": [quotes from the turn]}.
Writes source.json and one stance.NAME.jsonl a file.
"""

import argparse
import json
from pathlib import Path

from standpunt.annotation.layers import Label, Layer, quotes_to_spans
from standpunt.annotation.sources import Source
from standpunt.readers import read_debate


def main() -> None:
    """Import the label files named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("report", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--title", required=True)
    parser.add_argument("--date", required=True)
    parser.add_argument("--issues", required=True)
    parser.add_argument("labels", nargs="+")
    options = parser.parse_args()
    debate = read_debate(options.report)
    source = Source.of(debate, title=options.title, date=options.date)
    options.folder.mkdir(parents=True, exist_ok=True)
    source.save(options.folder / "source.json")
    for item in options.labels:
        name, _, file = item.partition("=")
        labels = []
        for line in Path(file).read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            turn = debate.turn(record["turn"])
            spans = quotes_to_spans(turn.text, record["evidence"])
            labels.append(Label(turn.ordinal, record["issue"], record["label"], turn.speaker.name, spans))
        layer = Layer(name, tuple(options.issues.split(",")), source.sha256, tuple(labels))
        layer.check(debate, source, file)
        layer.save(options.folder / f"stance.{name}.jsonl", source)


if __name__ == "__main__":
    main()
