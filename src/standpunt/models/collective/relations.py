"""How the turns of a debate on an issue are related: who speaks, for whom, and who answers whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from typing import TYPE_CHECKING, Any

import numpy as np

from standpunt.corpora.motion_columns import APPROVED, BETWEEN, REJECTED
from standpunt.debate import CABINET, holder_of

if TYPE_CHECKING:
    from scipy.sparse import csr_array

SPEAKER, PARTY, REPLY, SPONSOR = "speaker", "party", "reply", "sponsor"
RELATIONS = (SPEAKER, PARTY, REPLY, SPONSOR, APPROVED, REJECTED)
# All that is read of a row.
COLUMNS = (
    "debate", "issue", "proposition", "turn", "speaker", "party", "role", "replies_to", "sponsors", "advice",
)  # fmt: skip


def related(rows: Sequence[Mapping[str, Any]], relations: Sequence[str] = RELATIONS) -> dict[str, csr_array]:
    """Return which rows of one debate and one issue are related.

    Two rows are related by "speaker" if one person speaks in both; by "party" if two members of one party do, or two of
    the cabinet; by "reply" if one turn answers the other and the two speak for different parties; by "sponsor" if one
    reads a motion that a member of the other's party signed; by "approved" or "rejected" if one reads a motion on which
    the cabinet, which speaks in the other, gave such an advice. Rows without the columns that tell it are related to
    none, and neither are rows of one turn, as of a contrast set: they are versions of it.

    Args:
        rows: with `debate`, `issue`, `proposition` and `turn`, and where they are known `speaker`, `party`, `role`,
            `replies_to`, `sponsors` and `advice` (see `standpunt.corpora.motion_columns`). Rows with another wording of
            the proposition are rows of another issue.
        relations: which of them are wanted.

    Returns:
        For each relation a symmetric matrix of ones, shape (n_rows, n_rows), with an empty diagonal.
    """
    scopes = _scopes(rows)
    speakers = [
        (scope, row.get("speaker") or number) for number, (scope, row) in enumerate(zip(scopes, rows, strict=True))
    ]
    holders = [(scope, _holder(row, number)) for number, (scope, row) in enumerate(zip(scopes, rows, strict=True))]
    same_speaker = _same(speakers)
    made = {}
    if SPEAKER in relations:
        made[SPEAKER] = same_speaker
    if PARTY in relations:
        party = _same(holders)
        made[PARTY] = (party - party.multiply(same_speaker)).tocsr()
    if REPLY in relations:
        made[REPLY] = _replies(rows, scopes, holders)
    if SPONSOR in relations:
        signed = [(row.get("sponsors") or "").split(BETWEEN) for row in rows]
        made[SPONSOR] = _between(scopes, holders, signed)
    for advice in (APPROVED, REJECTED):
        if advice in relations:
            made[advice] = _between(scopes, holders, [[CABINET] if row.get("advice") == advice else [] for row in rows])
    for matrix in made.values():
        matrix.eliminate_zeros()
    return made


def _scopes(rows: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Return what rows must share to be related at all."""
    scopes = [(row.get("debate"), row["issue"], row.get("proposition")) for row in rows]
    times = Counter((scope, row.get("turn")) for scope, row in zip(scopes, rows, strict=True))
    return [
        scope if times[scope, row.get("turn")] == 1 else number
        for number, (scope, row) in enumerate(zip(scopes, rows, strict=True))
    ]


def _holder(row: Mapping[str, Any], number: int) -> Any:
    """Return on whose behalf a row is spoken; something that no other row has where nothing tells it."""
    return holder_of(row.get("role"), row.get("party")) or row.get("speaker") or number


def _same(values: Sequence[Any]) -> csr_array:
    """Return the matrix of the pairs of different rows that have the same value."""
    from scipy.sparse import csr_array, eye_array

    codes = {value: code for code, value in enumerate(dict.fromkeys(values))}
    columns = np.array([codes[value] for value in values])
    n = len(values)
    member = csr_array((np.ones(n), (np.arange(n), columns)), shape=(n, len(codes)))
    return (member @ member.T - eye_array(n)).tocsr()


def _replies(rows: Sequence[Mapping[str, Any]], scopes: Sequence[Any], holders: Sequence[Any]) -> csr_array:
    place = {(scope, row.get("turn")): number for number, (scope, row) in enumerate(zip(scopes, rows, strict=True))}
    answers = [
        (number, place.get((scope, row.get("replies_to"))))
        for number, (scope, row) in enumerate(zip(scopes, rows, strict=True))
    ]
    pairs = {(one, other) for one, other in answers if other is not None and holders[one] != holders[other]}
    return _symmetric(pairs, len(rows))


def _between(scopes: Sequence[Any], holders: Sequence[tuple[Any, Any]], wanted: Sequence[Sequence[Any]]) -> csr_array:
    """Return the matrix of the pairs of a row and those of its debate and issue that one of its `wanted` holds."""
    places: dict[Any, list[int]] = {}
    for number, holder in enumerate(holders):
        places.setdefault(holder, []).append(number)
    pairs = {
        (number, other)
        for number, (scope, names) in enumerate(zip(scopes, wanted, strict=True))
        for name in names
        for other in places.get((scope, name), ())
        if other != number
    }
    return _symmetric(pairs, len(holders))


def _symmetric(pairs: Set[tuple[int, int]], n: int) -> csr_array:
    from scipy.sparse import csr_array

    both = np.array(sorted(pairs | {(other, one) for one, other in pairs}), dtype=int).reshape(-1, 2)
    return csr_array((np.ones(len(both)), (both[:, 0], both[:, 1])), shape=(n, n))
