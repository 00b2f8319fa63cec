"""The debate of 11 September 2025, where its transcript is at hand: numbers, names and labels only."""

import os

import pytest

from standpunt.annotation.issues import shipped_issues
from standpunt.corpora.corpus import TranscriptMissing, load_corpus
from standpunt.corpora.transcripts import VARIABLE, transcripts_paths

PLACE = os.environ.get(VARIABLE)
pytestmark = pytest.mark.skipif(
    not transcripts_paths(PLACE),
    reason=f"the transcript does not ship; set {VARIABLE} to a folder that holds it",
)

FAVOURABLE = {216, 217, 218, 220, 223, 224, 225, 231, 233}
ADVISERS = {
    "Schoof": {217, 218, 221, 227, 229, 235},
    "Van Weel": {216, 222, 223, 225, 226, 228, 231, 232},
    "Brekelmans": {219, 220, 224, 230, 233, 234},
}


@pytest.fixture(scope="module")
def annotated():
    (item,) = load_corpus("tk-ukraine", transcripts=PLACE).debates
    return item


@pytest.fixture(scope="module")
def debate(annotated):
    return annotated.debate


@pytest.fixture(scope="module")
def motions(debate):
    return {motion.number: motion for motion in debate.motions}


def test_turns_and_speakers(debate):
    turns = [turn for turn in debate.turns if turn.kind != "motion"]
    others = [turn.speaker.name for turn in turns if turn.speaker.role != "chair"]
    assert len(turns) == 283
    assert len(turns) - len(others) == 89
    assert len(others) == 194
    assert len(set(others)) == 16
    assert [others.count(name) for name in ("Timmermans", "Dobbe", "Schoof")] == [21, 21, 31]


def test_every_visible_character_has_one_place(debate, unaccounted):
    assert unaccounted(debate) == []


def test_offsets_map_back(debate):
    for turn in debate.turns:
        assert debate.to_source(turn, 0, len(turn.text)) == (turn.start, turn.end)
        assert debate.to_text(turn, turn.start, turn.end) == (0, len(turn.text))


def test_motions_have_numbers_and_dossiers(motions):
    assert sorted(motions) == list(range(216, 236))
    assert {number: m.dossier for number, m in motions.items() if m.dossier != "36045"} == {225: "36046"}


def test_motions_are_turns_of_their_first_submitter(debate, motions):
    for motion in motions.values():
        turn = debate.turn(motion.turn)
        assert turn.kind == "motion"
        assert turn.speaker.name == motion.submitters[0]
        assert motion.request


def test_advice_on_motions(motions):
    assert {number for number, m in motions.items() if m.advice == "oordeel Kamer"} == FAVOURABLE
    assert {m.advice for number, m in motions.items() if number not in FAVOURABLE} == {"ontraden"}


def test_conditions_of_advice(motions):
    assert {number for number, m in motions.items() if m.condition} == {218, 233, 234}


def test_who_advised(debate, motions):
    assert {name: {n for n, m in motions.items() if m.advised_by == name} for name in ADVISERS} == ADVISERS
    for motion in motions.values():
        assert debate.turn(motion.advice_turn).speaker.name == motion.advised_by


def test_second_term_begins(debate):
    assert min(turn.ordinal for turn in debate.turns if turn.term == 2) == 175
    assert [turn.term for turn in debate.turns] == sorted(turn.term for turn in debate.turns)
    assert max(turn.term for turn in debate.turns) == 2


def test_members_and_cabinet_hold_the_floor(debate):
    assert {turn.speaker.name for turn in debate.turns if turn.speaker.role == "minister"} == set(ADVISERS)
    for turn in debate.turns:
        if turn.kind in ("speech", "reply", "motion"):
            assert turn.floor == turn.speaker.name
        if turn.kind == "interruption":
            assert turn.floor not in (None, turn.speaker.name)


def test_layers_belong_to_it(annotated):
    assert {"adjudicated", "lm-a", "lm-b"} <= set(annotated.layers)
    assert set(annotated.layer("adjudicated").issues) <= set(shipped_issues())
    assert len(annotated.layer("adjudicated").issues) == 14
    assert all(record["evidence"] for record in annotated.layer("adjudicated").records(annotated.debate))


@pytest.mark.parametrize(
    ("name", "debates", "issues", "pairs"), [("tk-debates", 7, 69, 1027), ("tk-more", 10, 82, 673)]
)
def test_other_debates_share_no_issue_with_this_one(annotated, name, debates, issues, pairs):
    try:
        other = load_corpus(name, transcripts=PLACE)
    except TranscriptMissing as error:
        pytest.skip(str(error))
    rows = list(other.rows())
    found = {row["issue"] for row in rows}
    assert (len(other.debates), len(found), len(rows)) == (debates, issues, pairs)
    assert not found & {label.issue for layer in annotated.layers.values() for label in layer.labels}
    assert all(row["evidence"] for row in rows)
