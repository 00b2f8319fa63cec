"""Windows over a turn, read behind the end of the turn that is answered."""

import itertools

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from standpunt.models.windows.cutting import PART, Reading, windows
from standpunt.text.sentences import split_sentences

WORDS = ("brug", "moet", "open", "de", "Kamer", "voorzitter", "niet", "3,5", "bijv.", "dr.", "€")
SENTENCES = st.builds(
    lambda words, end: " ".join(words).capitalize() + end,
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=14),
    st.sampled_from([".", "?", "!", "...", ""]),
)
TEXTS = st.lists(SENTENCES, max_size=25).flatmap(
    lambda found: st.lists(st.sampled_from([" ", "\n", "  "]), min_size=len(found), max_size=len(found)).map(
        lambda gaps: "".join(a + b for a, b in zip(found, gaps, strict=True))
    )
)

TEXT = "Dat vind ik niet. De brug blijft dicht."
ASKED = "Voorzitter. Wil de minister de brug openen?"


def n_words(text, span):
    return len(text[span[0] : span[1]].split())


@given(TEXTS, st.integers(5, 40))
@settings(max_examples=150, deadline=None)
def test_windows_hold_every_sentence_in_order_and_overlap(text, size):
    spans, sentences = windows(text, size), split_sentences(text)
    if not sentences:
        assert spans == ((0, 0),)
        return
    starts, ends = [a for a, _ in sentences], [b for _, b in sentences]
    assert all(a in starts and b in ends for a, b in spans)
    assert all(any(a <= x and y <= b for a, b in spans) for x, y in sentences)
    assert spans[0][0] == starts[0]
    assert spans[-1][1] == ends[-1]
    for before, after in itertools.pairwise(spans):
        assert before[0] < after[0]
        assert before[1] < after[1]
        # The next one begins inside, or just behind, and where it can it takes up to half of the words along.
        assert starts.index(after[0]) <= ends.index(before[1]) + 1
        if after[0] < before[1]:
            assert n_words(text, (after[0], before[1])) <= n_words(text, before) / 2


@given(TEXTS, st.integers(5, 40))
@settings(max_examples=150, deadline=None)
def test_window_is_no_larger_than_asked_unless_it_is_one_sentence(text, size):
    sentences = split_sentences(text)
    for span in windows(text, size):
        assert n_words(text, span) <= size or span in sentences


def test_windows_by_hand():
    text = "Een twee drie. Vier vijf zes. Zeven acht negen. Tien."
    read = [text[a:b] for a, b in windows(text, 6)]
    assert read == ["Een twee drie. Vier vijf zes.", "Vier vijf zes. Zeven acht negen.", "Zeven acht negen. Tien."]
    assert windows(text, 10) == ((0, len(text)),)


def test_sentence_that_is_too_long_is_a_window_of_its_own():
    long = "Een " + " ".join(["woord"] * 30) + "."
    text = f"Kort. {long} Kort."
    assert [text[a:b] for a, b in windows(text, 10)] == ["Kort.", long, "Kort."]


@pytest.mark.parametrize("text", ["", " \n ", "\u00a0"])
def test_text_without_words_is_one_empty_window(text):
    assert windows(text, 10) == ((0, 0),)


def test_as_many_windows_as_half_their_size_needs():
    text = " ".join(["Dit zijn precies vijf woorden."] * 2000)
    spans = windows(text, 80)
    assert len(spans) == pytest.approx(10_000 / 40, rel=0.02)


def part_of(turn, start, end):
    return {"text": turn[start:end], PART: (turn, start)}


def test_part_of_a_turn_is_read_in_the_windows_of_the_turn():
    turn = " ".join(f"Dit is zin nummer {number}." for number in range(40))
    whole = windows(turn, 20)
    reading = Reading(20)
    parts = [part_of(turn, start, end) for start in range(0, 800, 50) for end in range(start + 1, len(turn) + 1, 60)]
    for row in parts:
        start = row[PART][1]
        spans = [(a + start, b + start) for a, b in reading.spans(row)]
        assert spans
        assert [reading.text(row, span) for span in reading.spans(row)] == [turn[a:b] for a, b in spans]
        assert set(spans) == {(a, b) for a, b in whole if a < start + len(row["text"]) and b > start}
    assert reading.spans(part_of(turn, 0, len(turn))) == whole
    assert reading.spans(part_of("", 0, 0)) == ((0, 0),)


def test_window_behind_the_end_of_the_turn_that_is_answered():
    row = {"text": TEXT, "context": ASKED}
    first, second = Reading(5).spans(row)
    assert Reading(5).text(row, second) == "De brug blijft dicht."
    assert Reading(5, 3, "[SEP]").text(row, second) == "de brug openen? [SEP] De brug blijft dicht."
    assert Reading(5, 99, "[SEP]").text(row, first) == f"{ASKED} [SEP] Dat vind ik niet."


@pytest.mark.parametrize("row", [{}, {"context": ""}, {"context": None}, {"context": " \n"}])
def test_turn_that_answers_none_is_read_alone(row):
    assert Reading(5, 3, "[SEP]").text({"text": TEXT, **row}, (0, 17)) == "Dat vind ik niet."
