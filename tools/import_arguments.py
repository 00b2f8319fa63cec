#!/usr/bin/env python3
"""Turn compact argument codes into standoff layers.

Usage: import_arguments.py REPORT DEBATE_FOLDER [--debate TITLE] [--decisions FILE] NAME=CODES.jsonl ...

Each line of CODES.jsonl is {"turn": ordinal, "args": "N C P:economic>2 P:security!2 P:policy"}: one code a sentence of
the turn as standpunt.sentences splits it. N none, C claim, P:FRAME a premise, >k or !k: it supports or attacks the
claim that is sentence k of the turn. Writes arguments.NAME.jsonl into the folder, whose source.json must be there.
With --decisions, also arguments.adjudicated.jsonl: the turns that the first two files code alike, and the decisions
(same form) on the others that both coded.
"""

import argparse
import json
import re
from pathlib import Path

from standpunt.annotation.arguments import ArgumentLayer, Sentence
from standpunt.annotation.sources import Source
from standpunt.debate import Debate
from standpunt.readers import read_debates
from standpunt.sentences import split_sentences

_CODE = re.compile(r"(N|C)|P:([a-z_]+)(?:([>!])(\d+))?")
_COMPONENT = {"N": "none", "C": "claim"}
_RELATION = {">": "support", "!": "attack"}


def main() -> None:
    """Import the files named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("report", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--debate", help="title of the debate, where the report holds several")
    parser.add_argument("--decisions", type=Path)
    parser.add_argument("codes", nargs="+")
    options = parser.parse_args()
    debate = next(item for item in read_debates(options.report) if options.debate in (None, item.title))
    source = Source.load(options.folder / "source.json")
    files = {name: _codes(Path(file)) for name, _, file in (item.partition("=") for item in options.codes)}
    if options.decisions:
        first, second = list(files.values())[:2]
        decided = _codes(options.decisions)
        both = first.keys() & second.keys()
        differing = {turn for turn in both if first[turn].split() != second[turn].split()}
        if differing != decided.keys():
            raise SystemExit(f"not decided: {differing - decided.keys()}; in vain: {decided.keys() - differing}")
        files["adjudicated"] = {turn: decided.get(turn, first[turn]) for turn in both}
    for name, codes in files.items():
        sentences = [item for turn, code in sorted(codes.items()) for item in _sentences(debate, turn, code)]
        layer = ArgumentLayer(name, source.sha256, tuple(sentences))
        layer.check(debate, source, name)
        layer.save(options.folder / f"arguments.{name}.jsonl", source)
        ArgumentLayer.load(options.folder / f"arguments.{name}.jsonl")


def _codes(path: Path) -> dict[int, str]:
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return {line["turn"]: line["args"] for line in lines}


def _sentences(debate: Debate, ordinal: int, codes: str) -> list[Sentence]:
    turn = debate.turn(ordinal)
    spans = split_sentences(turn.text)
    found = []
    for span, code in zip(spans, codes.split(), strict=True):
        parts = _CODE.fullmatch(code)
        if parts is None:
            raise SystemExit(f"turn {ordinal}: {code} is no code")
        component = _COMPONENT.get(parts[1], "premise")
        target = spans[int(parts[4]) - 1] if parts[4] else None
        found.append(
            Sentence(ordinal, span, turn.speaker.name, component, parts[2], _RELATION.get(parts[3] or ""), target)
        )
    return found


if __name__ == "__main__":
    main()
