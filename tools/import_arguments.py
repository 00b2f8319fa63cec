#!/usr/bin/env python3
"""Turn compact argument codes into standoff layers.

Usage: import_arguments.py REPORT DEBATE_FOLDER [--debate TITLE] [--decisions FILE] NAME=CODES.jsonl ...

Each line of CODES.jsonl is {"turn": ordinal, "args": "N C P:economic>2 P:security!2 P:policy"}: one code a sentence of
the turn as standpunt.text.sentences splits it. N none, C claim, P:FRAME a premise, >k or !k: it supports or attacks the
claim that is sentence k of the turn. Writes arguments.NAME.jsonl into the folder, whose source.json must be there, once
all codes are found to be right. With --decisions, also arguments.adjudicated.jsonl: the turns that the first two files
code alike, and the decisions (same form) on the others that both coded.
"""

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from annotation_files import find_debate, named_files, records, run
from standpunt.annotation.arguments import Sentence
from standpunt.annotation.sources import SOURCE, Source
from standpunt.corpora.corpus import ADJUDICATED
from standpunt.debate import Turn
from standpunt.errors import InputError, LayerError
from standpunt.exchange.annotations import Annotations
from standpunt.exchange.collector import Collector
from standpunt.text.sentences import split_sentences

_CODE = re.compile(r"(N|C)|P:([a-z_]+)(?:([>!])([1-9]\d*))?")
_COMPONENT = {"N": "none", "C": "claim"}
_RELATION = {">": "support", "!": "attack"}
# The codes of each turn, and where they stand.
_Codes = dict[int, tuple[str, list[str]]]


def main(arguments: Sequence[str] | None = None) -> None:
    """Import the files named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("report", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--debate", help="title of the debate, where the report holds several")
    parser.add_argument("--decisions", type=Path)
    parser.add_argument("codes", nargs="+")
    run(parser, _import, sys.argv[1:] if arguments is None else arguments)


def _import(options: argparse.Namespace) -> None:
    source = Source.load(options.folder / SOURCE)
    debate = source.restore(find_debate(options.report, options.debate))
    source.check(debate, str(options.report))
    files = named_files(options.codes, 2 if options.decisions else 1)
    coded = {name: _codes(file) for name, file in files.items()}
    if options.decisions:
        first, second = list(coded.values())[:2]
        decided = _codes(options.decisions)
        both = first.keys() & second.keys()
        differing = {turn for turn in both if first[turn][1] != second[turn][1]}
        if differing != decided.keys():
            raise InputError(
                f"{options.decisions}: not decided {sorted(differing - decided.keys())}, "
                f"decided in vain {sorted(decided.keys() - differing)}"
            )
        coded[ADJUDICATED] = {turn: decided.get(turn, first[turn]) for turn in both}
    collector = Collector(Annotations(source, debate, {}, {}))
    for name, turns in coded.items():
        collector.argument_layer(name, name)
        for ordinal, (where, codes) in sorted(turns.items()):
            for sentence in _sentences(collector.turn(ordinal, where), codes, where):
                collector.sentence(name, sentence, where)
    for name, layer in collector.annotations().arguments.items():
        layer.save(options.folder / f"arguments.{name}.jsonl", source)


def _codes(path: Path) -> _Codes:
    codes: _Codes = {}
    for where, record in records(path, turn=int, args=str):
        if record["turn"] in codes:
            raise LayerError(f"{where}: turn {record['turn']} is coded twice")
        codes[record["turn"]] = where, record["args"].split()
    return codes


def _sentences(turn: Turn, codes: Sequence[str], where: str) -> Iterator[Sentence]:
    spans = split_sentences(turn.text)
    if len(codes) != len(spans):
        raise LayerError(f"{where}: {len(codes)} codes where turn {turn.ordinal} has {len(spans)} sentences")
    for span, code in zip(spans, codes, strict=True):
        parts = _CODE.fullmatch(code)
        if parts is None or int(parts[4] or 0) > len(spans):
            raise LayerError(f"{where}: {code} is no code; expected N, C, P:FRAME, P:FRAME>k or P:FRAME!k")
        target = spans[int(parts[4]) - 1] if parts[4] else None
        relation = _RELATION[parts[3]] if parts[3] else None
        component = _COMPONENT.get(parts[1], "premise")
        yield Sentence(turn.ordinal, span, turn.speaker.name, component, parts[2], relation, target)


if __name__ == "__main__":
    main()
