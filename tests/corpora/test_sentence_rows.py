import pytest

from standpunt.corpora.sentence_rows import WORDS_AROUND, component_label, sentence_rows

ABOUT = {"id": "d/001", "speaker": "Smit"}


def rows_of(*sentences, labels=None, task="component"):
    return list(sentence_rows(ABOUT, sentences, labels or ["claim"] * len(sentences), task))


def test_row_of_a_sentence_with_what_stands_around_it():
    rows = rows_of("De brug is oud.", "Zij moet dicht.", "Nu.", labels=["premise", "claim", "none"])
    assert rows[1] == {
        "id": "d/001/002",
        "speaker": "Smit",
        "issue": "component",
        "text": "Zij moet dicht.",
        "proposition": "De brug is oud. … Nu.",
        "sentence": 2,
        "sentences": 3,
        "label": "claim",
    }
    assert [row["proposition"] for row in rows[::2]] == ["… Zij moet dicht. Nu.", "De brug is oud. Zij moet dicht. …"]


def test_sentence_without_a_label_is_context_only():
    rows = rows_of("Een.", "Twee.", "Drie.", labels=["claim", None, "claim"])
    assert [(row["id"], row["sentence"], row["sentences"]) for row in rows] == [
        ("d/001/001", 1, 3),
        ("d/001/003", 3, 3),
    ]
    assert rows[0]["proposition"] == "… Twee. Drie."


def test_turn_of_one_word():
    (row,) = rows_of("Nee.")
    assert (row["text"], row["proposition"], row["sentences"]) == ("Nee.", "…", 1)


def test_surroundings_are_the_nearest_words_whatever_the_length_of_a_sentence():
    long = " ".join(f"w{number}" for number in range(5000))
    before, inside, after = rows_of(long, "Nee.", long)
    assert inside["proposition"].split() == [
        *long.split()[-WORDS_AROUND:],
        "…",
        *long.split()[:WORDS_AROUND],
    ]
    assert before["text"] == after["text"] == long
    assert before["proposition"].split()[:3] == ["…", "Nee.", "w0"]


def test_turn_without_sentences_has_no_rows():
    assert rows_of() == []


@pytest.mark.parametrize(
    ("task", "expected"),
    [
        ("component", ["claim", "premise", "none"]),
        ("argument", ["argument", "argument", "none"]),
        ("claim_premise", ["claim", "premise", None]),
    ],
)
def test_label_by_task(task, expected):
    assert [component_label(component, task) for component in ("claim", "premise", "none")] == expected
