#!/usr/bin/env python3
"""Turn label files with quotes as evidence into standoff layers.

Usage: import_labels.py REPORT DEBATE_FOLDER --title T --date D --issues a,b [--debate TITLE] [--decisions FILE]
       NAME=LABELS.jsonl ...

Each line of LABELS.jsonl is {"turn": ordinal, "issue": name, "label": label, "evidence": [quotes from the turn]}; the
finer fields of the codebook (leaning, strength, conditional, asks) may stand beside them. REPORT is a report, or the
turns of a debate that a table has, recorded in order (JSON Lines, as `standpunt corpus record` takes them).
Writes source.json and one stance.NAME.jsonl a file, once all of them are found to be right. With --decisions, also
stance.adjudicated.jsonl: the pairs on which the first two files agree, and the decisions (same form, label "none" for a
pair that is not addressed) on the others.
"""

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from annotation_files import find_debate, named_files, records, run
from standpunt.annotation.layers import Label, quotes_to_spans
from standpunt.annotation.nuance import read_nuance
from standpunt.annotation.sources import SOURCE, Source
from standpunt.corpora.corpus import ADJUDICATED
from standpunt.corpora.rows import NONE
from standpunt.errors import InputError, LayerError
from standpunt.exchange.annotations import Annotations
from standpunt.exchange.collector import Collector
from standpunt.readers.recorded import read_recorded

_FIELDS = {"turn": int, "issue": str, "label": str, "evidence": list}


def main(arguments: Sequence[str] | None = None) -> None:
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
    run(parser, _import, sys.argv[1:] if arguments is None else arguments)


def _import(options: argparse.Namespace) -> None:
    recorded = options.report.suffix == ".jsonl"
    if recorded:
        debate = read_recorded(options.report, title=options.title, date=options.date)
    else:
        debate = find_debate(options.report, options.debate)
    source = Source.from_debate(debate, title=options.title, date=options.date, recorded=recorded)
    files = named_files(options.labels, 2 if options.decisions else 1)
    issues = options.issues.split(",")
    collector = Collector(Annotations(source, debate, {}, {}))
    for name, file in files.items():
        _take(collector, name, issues, records(file, **_FIELDS))
    if options.decisions:
        first, second = [collector.annotations().stance[name] for name in list(files)[:2]]
        one, other = first.by_pair(), second.by_pair()
        differing = {pair for pair in one.keys() | other.keys() if one.get(pair) != other.get(pair)}
        decisions = records(options.decisions, **_FIELDS)
        decided = {(record["turn"], record["issue"]) for _, record in decisions}
        if differing != decided:
            raise InputError(
                f"{options.decisions}: not decided {sorted(differing - decided)}, "
                f"decided in vain {sorted(decided - differing)}"
            )
        chosen = [(where, record) for where, record in decisions if record["label"] != NONE]
        _take(collector, ADJUDICATED, issues, chosen)
        for label in first.labels:
            if (label.turn, label.issue) not in differing:
                collector.label(ADJUDICATED, label, str(files[first.annotator]))
    annotations = collector.annotations()
    options.folder.mkdir(parents=True, exist_ok=True)
    source.save(options.folder / SOURCE)
    for name, layer in annotations.stance.items():
        layer.save(options.folder / f"stance.{name}.jsonl", source)


def _take(
    collector: Collector, name: str, issues: Sequence[str], records: Iterable[tuple[str, dict[str, Any]]]
) -> None:
    collector.stance_layer(name, issues, name)
    for where, record in records:
        turn = collector.turn(record["turn"], where)
        try:
            spans = quotes_to_spans(turn.text, map(str, record["evidence"]))
        except LayerError as error:
            raise LayerError(f"{where}: {error}") from None
        nuance = read_nuance(record, where)
        label = Label(turn.ordinal, record["issue"], record["label"], turn.speaker.name, spans, nuance)
        collector.label(name, label, where)


if __name__ == "__main__":
    main()
