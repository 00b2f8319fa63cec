"""The contrast set: turns of the fictional debates changed in one place, and propositions turned into their opposite.

A model that reads the issue gets both sides of a pair right. Minimal pairs as in M. Gardner et al., Evaluating Models'
Local Decision Boundaries via Contrast Sets, Findings of EMNLP 2020.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from standpunt.annotation.issues import Issue
from standpunt.annotation.layers import OPPOSITE
from standpunt.corpora.corpus import AnnotatedDebate, load_corpus
from standpunt.corpora.outside.data_set import DataSet
from standpunt.corpora.outside.records import bucket, read_records, texts
from standpunt.corpora.rows import SYNTHETIC, answered, row
from standpunt.debate import Turn
from standpunt.errors import InputError
from standpunt.storage.paths import CORPORA

FILE = CORPORA / "fictional" / "contrast.jsonl"
NEGATIONS = "negations.yaml"
MINIMAL, NEGATION = "minimal", "negation"


def rows(path: Path, task: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of the set, by `part`: "minimal" and "negation".

    Every two rows with the same `pair` belong together: a turn before and after the change, or a turn with a
    proposition and with the opposite of it. Only turns of debates that are not trained on are in the set.

    Raises:
        InputError: the file is malformed, or does not fit the debates.
    """
    corpus = load_corpus("fictional")
    debates = {item.name: item for item in corpus.debates}
    for number, record in enumerate(read_records(path, _check, "a minimal pair"), start=1):
        where = f"{path}, line {number}"
        item = debates.get(record["debate"])
        if item is None or record["issue"] not in corpus.issues:
            raise InputError(f"{where}: no debate {record['debate']} on {record['issue']} in corpus fictional")
        if not 1 <= record["turn"] <= len(item.debate.turns):
            raise InputError(f"{where}: there is no turn {record['turn']}; the debate has {len(item.debate.turns)}")
        turn, issue = item.debate.turn(record["turn"]), corpus.issues[record["issue"]]
        if turn.text.count(record["find"]) != 1:
            raise InputError(f"{where}: what is to be found does not stand once in turn {turn.ordinal}")
        if item.layer("adjudicated").by_pair().get((turn.ordinal, issue.name)) != record["before"]:
            raise InputError(f"{where}: the label of turn {turn.ordinal} on {issue.name} is not {record['before']}")
        base = _row(item, turn, issue) | {"part": MINIMAL, "evidence": []}
        pair = f"{base['id']}/{number}"
        changed = turn.text.replace(record["find"], record["replace"])
        yield base | {"id": f"{pair}/before", "pair": pair, "label": record["before"]}
        yield base | {"id": f"{pair}/after", "pair": pair, "label": record["after"], "text": changed}
    yield from _negations(path.parent / NEGATIONS, corpus)


def _negations(path: Path, corpus: Any) -> Iterator[dict[str, Any]]:
    """Yield every labelled turn of the debates that are tested on, with its proposition and with one opposite of it."""
    opposites = _opposites(path)
    for item in corpus.debates:
        if item.part != "test":
            continue
        for label in item.layer("adjudicated").labels:
            turn: Turn = item.debate.turn(label.turn)
            if label.issue not in opposites:
                raise InputError(f"{path}: no opposite of {label.issue}, which is annotated in {item.name}")
            wordings = opposites[label.issue]
            issue = corpus.issues[label.issue]
            base = _row(item, turn, issue) | {"part": NEGATION, "evidence": []}
            pair = f"{base['id']}/negation"
            opposite = wordings[bucket(pair, len(wordings))]
            yield base | {"id": f"{pair}/before", "pair": pair, "label": label.label}
            yield base | {
                "id": f"{pair}/after",
                "pair": pair,
                "label": OPPOSITE.get(label.label, label.label),
                "proposition": opposite,
            }


def _row(item: AnnotatedDebate, turn: Turn, issue: Issue) -> dict[str, Any]:
    context = answered(item.debate, turn)
    columns = row(item.name, item.source.date, turn, issue, language=item.source.language, context=context)
    return columns | {SYNTHETIC: True}


def _opposites(path: Path) -> dict[str, list[str]]:
    try:
        opposites = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); expected it beside the minimal pairs") from None
    except (yaml.YAMLError, ValueError):
        opposites = None
    if not isinstance(opposites, dict) or not all(isinstance(texts, list) and texts for texts in opposites.values()):
        raise InputError(f"{path}: expected YAML with a list of opposite propositions for each issue")
    return opposites


def _check(record: dict[str, Any]) -> None:
    texts(record, "debate", "issue", "find", "replace", "before", "after")
    if not isinstance(record["turn"], int) or record["before"] == record["after"]:
        raise TypeError


DATA_SET = DataSet("contrast", str(FILE), ("stance", "stance_joint"), rows, of_debates=True)
