"""Statements of voting-advice sites: which rows, and no statement in two parts."""

import json

import pytest

from standpunt.corpora.outside import stellingen, stemwijzer
from standpunt.corpora.outside.stemwijzer import part_of
from standpunt.errors import InputError

LONG = "In {} moet het gemeentebestuur meer geld uitgeven aan nieuwe fietspaden, ook als daarvoor een weg smaller wordt"


def answer(statement, theme=None, position="eens", number=0, **more):
    return {
        "election": "een",
        "statement": statement,
        "theme": theme,
        "party": "Geel",
        "position": position,
        "explanation": f"Wij vinden dat om reden nummer {number} van {statement}",
        "position_inferred": False,
    } | more


def written(path, records):
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def theme_in(part):
    """Return a theme whose statements are in a part."""
    return next(f"thema {n}" for n in range(10_000) if part_of(f"thema {n}", "Iets.") == part)


@pytest.fixture
def read(tmp_path):
    return lambda *records, task="stance": list(stemwijzer.rows(written(tmp_path / "answers.jsonl", records), task))


def test_positions_are_labels_and_what_says_nothing_is_left_out(read):
    read_rows = read(
        answer("Een.", position="oneens", number=1),
        answer("Een.", position="geen van beide", number=2),
        answer("Een.", position="geen van beide", number=3, position_inferred=True),
        answer("Een.", explanation="Kort."),
        answer("Een.", explanation="Wij VINDEN dat om reden nummer 1 van Een."),
    )
    assert [(row["label"], row["proposition"], row["party"]) for row in read_rows] == [
        ("against", "Een.", "Geel"),
        ("neutral", "Een.", "Geel"),
    ]
    assert {row["language"] for row in read_rows} == {"nl"}


@pytest.mark.parametrize("part", ["unseen_topics", "dev"])
def test_a_statement_that_is_trained_on_is_in_no_other_part(read, part):
    held, trained = theme_in(part), theme_in("train")
    read_rows = read(
        answer("Meer bomen.", held, number=1),
        answer("MEER bomen!", trained, number=2),
        answer("Minder bomen.", held, number=3),
        answer(LONG.format("Adorp"), trained, number=4),
        answer(LONG.format("Bedorp") + ".", held, number=5),
    )
    assert [row["part"] for row in read_rows] == ["train", "train", part, "train", "train"]


def test_what_is_like_a_statement_that_moved_moves_too(read):
    held, trained = theme_in("unseen_topics"), theme_in("train")
    words = [f"woord{number}" for number in range(40)]
    first, second, third = (" ".join(words[start : start + 20]) for start in (0, 5, 10))
    read_rows = read(answer(first, trained, number=1), answer(second, held, number=2), answer(third, held, number=3))
    assert [row["part"] for row in read_rows] == ["train"] * 3
    alone = read(answer(first, trained, number=1), answer(third, held, number=3))
    assert [row["part"] for row in alone] == ["train", "unseen_topics"]


def test_explanations_beside_a_statement_of_another_theme_are_none(read):
    trained = [theme for theme in map("onderwerp {}".format, range(99)) if part_of(theme, "Iets.") == "train"]
    records = [answer(f"Stelling {place}.", theme, number=place) for place, theme in enumerate(trained[:9])]
    read_rows = read(*records, task="stance_joint")
    none = [row for row in read_rows if row["label"] == "none"]
    assert len(read_rows) - len(none) == 9
    assert 0 < len(none) <= 3
    own = {row["id"]: row["proposition"] for row in read_rows}
    assert all(row["proposition"] != own[row["id"].removesuffix("/none")] for row in none)


def test_arguments_for_and_against_are_two_rows(tmp_path):
    record = {"municipality": "Adorp", "statement": "Meer bomen.", "theme": "groen", "pro": "Mooi.", "con": "Duur."}
    path = written(tmp_path / "s.jsonl", [record, record | {"pro": None}])
    read_rows = list(stellingen.rows(path, "stance"))
    assert [(row["id"], row["label"], row["text"]) for row in read_rows] == [
        ("stellingen/0000/pro", "favor", "Mooi."),
        ("stellingen/0000/con", "against", "Duur."),
        ("stellingen/0001/con", "against", "Duur."),
    ]
    assert {(row["part"], row["language"]) for row in read_rows} == {(part_of("groen", "Meer bomen."), "nl")}


@pytest.mark.parametrize(
    ("reader", "record"), [(stemwijzer, answer("Een.", position="ja")), (stellingen, {"pro": "a"})]
)
def test_a_malformed_line_is_named(tmp_path, reader, record):
    with pytest.raises(InputError, match=r"s\.jsonl.*1"):
        list(reader.rows(written(tmp_path / "s.jsonl", [record]), "stance"))
