"""Which turns of a debate on an issue are related."""

import numpy as np
import pytest

from standpunt.models.collective.relations import RELATIONS, related


def turn(name, speaker, party=None, role="member", replies_to=None, issue="bridge", debate="d"):
    return {
        "debate": debate, "issue": issue, "turn": name, "speaker": speaker, "party": party, "role": role,
        "replies_to": replies_to,
    }  # fmt: skip


def pairs(rows, relation):
    matrix = related(rows)[relation].toarray()
    assert (matrix == matrix.T).all()
    assert set(np.unique(matrix)) <= {0.0, 1.0}
    return {(int(one), int(other)) for one, other in zip(*np.nonzero(matrix), strict=True) if one < other}


ROWS = [
    turn("t1", "Bakker", "A"),
    turn("t2", "Smit", "B", replies_to="t1"),
    turn("t3", "Bakker", "A", replies_to="t2"),
    turn("t4", "Visser", "A", replies_to="t3"),
    turn("t5", "De Boer", None, "minister", replies_to="t4"),
    turn("t6", "Mulder", None, "state secretary"),
    turn("t7", "Los", None),
    turn("t8", "Alleen", None),
]


def test_a_speaker_is_related_to_himself():
    assert pairs(ROWS, "speaker") == {(0, 2)}


def test_members_of_a_party_and_of_the_cabinet_are_related_and_people_without_a_party_are_not():
    assert pairs(ROWS, "party") == {(0, 3), (2, 3), (4, 5)}


def test_turns_that_answer_one_another_are_related_unless_they_speak_for_one_party():
    assert pairs(ROWS, "reply") == {(0, 1), (1, 2), (3, 4)}


MOTIONS = [
    turn("m1", "Bakker", "A") | {"sponsors": "B; C", "advice": "rejected"},
    turn("m2", "Smit", "B") | {"sponsors": None, "advice": "approved"},
    turn("m3", "Los", None) | {"sponsors": "A", "advice": None},
    turn("t4", "De Boer", None, "minister"),
    turn("t5", "Mulder", None, "state secretary"),
    turn("t6", "Jansen", "C"),
]


def test_a_motion_is_related_to_the_parties_that_signed_it():
    assert pairs(MOTIONS, "sponsor") == {(0, 1), (0, 5), (0, 2)}


def test_a_motion_is_related_to_the_cabinet_by_its_advice():
    assert pairs(MOTIONS, "rejected") == {(0, 3), (0, 4)}
    assert pairs(MOTIONS, "approved") == {(1, 3), (1, 4)}


def test_relations_have_one_order():
    assert tuple(related(MOTIONS)) == RELATIONS
    assert [*related(MOTIONS, ["rejected", "speaker"])] == ["speaker", "rejected"]


def test_other_issues_and_debates_are_not_related():
    rows = [
        turn("t1", "Bakker", "A"),
        turn("t2", "Bakker", "A", replies_to="t1", issue="tunnel"),
        turn("t1", "Bakker", "A", debate="e"),
        turn("t2", "Smit", "B", replies_to="t1", debate="e"),
    ]
    found = {relation: pairs(rows, relation) for relation in RELATIONS}
    assert found == {relation: {(2, 3)} if relation == "reply" else set() for relation in RELATIONS}


def test_versions_of_a_turn_are_related_to_nothing():
    rows = [turn("t1", "Bakker"), turn("t1", "Bakker"), turn("t2", "Bakker"), turn("t3", "Bakker")]
    assert pairs(rows, "speaker") == {(2, 3)}


def test_an_issue_worded_otherwise_is_another_issue():
    rows = [turn(name, "Bakker") | {"proposition": text} for name, text in (("t1", "Geel."), ("t2", "Niet geel."))]
    assert pairs(rows, "speaker") == set()


def test_rows_that_tell_nothing_of_their_debate_are_related_to_none():
    rows = [{"issue": "bridge", "turn": str(number), "text": "geel"} for number in range(3)]
    assert [matrix.nnz for matrix in related(rows).values()] == [0] * len(RELATIONS)


@pytest.mark.parametrize("relation", RELATIONS)
def test_only_the_relations_that_are_asked_for_are_made(relation):
    assert list(related(ROWS, [relation])) == [relation]
