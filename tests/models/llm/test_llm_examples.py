"""Labelled turns that are shown: which, in what order, and never the one that is asked about."""

import pytest

from fake_llm import row
from standpunt.encoders.resolve import resolve_encoder
from standpunt.models.frozen.vectors import vectors_of
from standpunt.models.llm.examples import Examples
from standpunt.models.llm.settings import LlmConfig

SUBJECTS = ("pont", "dijk", "school", "trein", "markt", "haven", "molen", "toren")
LABELS = ("favor", "against", "neutral", "none")


def labelled():
    return [
        row(f"Voorzitter, over de {subject} en het geld.", label=LABELS[at % 4 if at < 6 else 0], id=str(at))
        for at, subject in enumerate(SUBJECTS)
    ]


def shown(rows, asked, seed=0, **settings):
    return Examples.of(LlmConfig(**settings), rows, seed).for_rows(asked)


def test_by_default_none_is_shown():
    assert shown(labelled(), [row()]) == [[]]


def test_fixed_examples_are_the_same_for_all_and_drawn_by_the_seed():
    asked = [row("Iets anders."), row("Nog iets.")]
    one, two = shown(labelled(), asked, examples=3)
    assert one == two
    assert len(one) == 3
    draws = {tuple(item["id"] for item in shown(labelled(), asked, seed, examples=3)[0]) for seed in range(8)}
    assert len(draws) > 1


def test_balanced_examples_have_each_label_before_one_has_a_second():
    chosen = shown(labelled(), [row("Iets anders.")], examples=4)[0]
    assert sorted(item["label"] for item in chosen) == sorted(LABELS)
    drawn = [shown(labelled(), [row("Iets.")], seed, examples=4, balanced=False)[0] for seed in range(8)]
    assert any(len({item["label"] for item in part}) < 4 for part in drawn)


@pytest.mark.parametrize("choose", ["words", "fixed"])
def test_the_turn_itself_is_never_shown(choose):
    rows = labelled()
    for asked, chosen in zip(rows, shown(rows, rows, examples=3, choose=choose, balanced=False), strict=True):
        assert len(chosen) == 3
        assert asked["id"] not in {item["id"] for item in chosen}
    elsewhere = [{**item, "text": item["text"].upper(), "issue": "conscription"} for item in rows]
    for asked, chosen in zip(rows, shown(rows, elsewhere, examples=3, choose=choose), strict=True):
        assert asked["id"] not in {item["id"] for item in chosen}


def test_the_nearest_by_words_stands_last():
    chosen = shown(labelled(), [row("Die haven is oud.")], examples=2, choose="words", balanced=False)[0]
    assert "haven" in chosen[-1]["text"]


@pytest.mark.slow
def test_the_nearest_by_vectors_stands_last(tmp_path):
    from tiny_bert import save_tiny_bert

    encoder = str(save_tiny_bert(tmp_path / "encoder", [item["text"] for item in labelled()]))
    asked, pool = row("Over de haven gaat het niet."), labelled()
    said = [f"{item['proposition']} {item['text']}" for item in (asked, *pool)]
    vectors = vectors_of(resolve_encoder(encoder), 96).vectors(said)
    settings = {"examples": 2, "choose": "vectors", "balanced": False, "encoder": encoder, "encoder_tokens": 96}
    nearest = pool[int((vectors[1:] @ vectors[0]).argmax())]["id"]
    assert shown(pool, [asked], **settings)[0][-1]["id"] == nearest


def test_fewer_rows_than_examples_are_all_shown():
    assert len(shown(labelled()[:2], [row("Iets.")], examples=9)[0]) == 2
    assert len(shown(labelled()[:2], [labelled()[0]], examples=9)[0]) == 1
