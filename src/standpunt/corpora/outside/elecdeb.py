"""ElecDeb60To16: US presidential debates with claims and premises marked in the text, as CoNLL.

A token a line with four columns, parted by tabs: the token, two that are not used, and a BIO tag (O, B-Claim, I-Claim,
B-Premise, I-Premise); an empty line between paragraphs. Source: S. Haddadan, E. Cabrio, S. Villata, Yes, we can! Mining
Arguments in 50 Years of US Presidential Campaign Debates, ACL 2019. The files are the user's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from standpunt.corpora.outside.data_set import DataSet
from standpunt.corpora.outside.records import ADVICE, files_in
from standpunt.corpora.rows import NONE
from standpunt.corpora.sentence_rows import COMPONENT_TASKS, component_label, sentence_rows
from standpunt.errors import InputError
from standpunt.storage.json_lines import text_lines

_COLUMNS = 4
_TAGS = {"O": NONE, "B-Claim": "claim", "I-Claim": "claim", "B-Premise": "premise", "I-Premise": "premise"}
_ENDS, _CLOSES = {".", "?", "!"}, {'"', "''", ")", "]"}

_Token = tuple[str, str]


def rows(path: Path, task: str) -> Iterator[dict[str, Any]]:
    """Yield one row a sentence; see `sentence_rows`. `path` is a file or the folder of all of them.

    The files divide into paragraphs and not into speakers and debates: a paragraph stands for the turn and the debate.
    A sentence ends at a token ".", "?" or "!". It is a claim or a premise where tokens of it are: the one with more of
    them, a claim where both have as many. The column `part` is "train" for the file of that name, "test" for others.

    Raises:
        InputError: a file cannot be read or has a malformed line; the message names it.
    """
    for file in files_in(path, "*.conll*"):
        name = file.name.partition(".")[0]
        for number, paragraph in enumerate(_paragraphs(file), start=1):
            sentences = _sentences(paragraph)
            about = {
                "id": f"elecdeb/{name}/{number:04d}",
                "debate": f"{name}/{number:04d}",
                "date": None,
                "language": "en",
                "turn": f"{name}/{number:04d}",
                "speaker": "unknown",
                "party": None,
                "role": "guest",
                "part": "train" if name == "train" else "test",
            }
            labels = [component_label(_component(sentence), task) for sentence in sentences]
            yield from sentence_rows(
                about, [" ".join(token for token, _ in sentence) for sentence in sentences], labels, task
            )


def _paragraphs(file: Path) -> Iterator[list[_Token]]:
    tokens: list[_Token] = []
    for number, line in enumerate(text_lines(file, ADVICE), start=1):
        if line.strip():
            tokens.append(_token(line.rstrip("\r\n"), file, number))
        elif tokens:
            yield tokens
            tokens = []
    if tokens:
        yield tokens


def _token(line: str, file: Path, number: int) -> _Token:
    """Return a token and the component it belongs to."""
    fields = line.split("\t")
    if len(fields) != _COLUMNS:
        raise InputError(
            f"{file}, line {number}: expected {_COLUMNS} columns parted by tabs (token, two not used, tag), "
            f"got {len(fields)}"
        )
    if fields[-1] not in _TAGS:
        tags = ", ".join(_TAGS)
        raise InputError(f"{file}, line {number}: expected one of the tags {tags}, got {fields[-1]!r}")
    return fields[0], _TAGS[fields[-1]]


def _sentences(tokens: list[_Token]) -> list[list[_Token]]:
    sentences: list[list[_Token]] = [[]]
    ended = False
    for token, component in tokens:
        if ended and token not in _ENDS | _CLOSES:
            sentences.append([])
        sentences[-1].append((token, component))
        ended = token in _ENDS or (ended and token in _CLOSES)
    return sentences


def _component(sentence: list[_Token]) -> str:
    counts = Counter(component for _, component in sentence if component != NONE)
    return max(counts, key=lambda name: (counts[name], name == "claim"), default=NONE)


DATA_SET = DataSet("elecdeb", "argument/elecdeb", COMPONENT_TASKS, rows)
