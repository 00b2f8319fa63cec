"""Layers that a model made: what their header says, and what they say beside labels."""

import json
from dataclasses import replace

import pytest

from standpunt.annotation.layers import Label, Layer
from standpunt.annotation.made_by import Answer, MadeBy
from standpunt.annotation.sources import Source
from standpunt.errors import LayerError

MADE = MadeBy(
    "kleintje", "llm", "2031-02-03", "0.1.0", ("favor", "against", "neutral", "none"), {"no_fly_zone": "abc"},
    prompt="d" * 64, settings="e" * 64, probabilities="log-probabilities", trained_on=("fictional",),
)  # fmt: skip


@pytest.fixture(scope="module")
def debate(read):
    return read(
        ("De voorzitter", "Het woord is aan de heer Jansen."),
        ("De heer Jansen (Rood)", "Voorzitter. De brug moet geverfd."),
        ("Mevrouw Smit (Geel)", "Waarom?"),
    )


@pytest.fixture(scope="module")
def source(debate):
    return Source.from_debate(debate, title="Bruggen", date="2031-01-01")


@pytest.fixture
def saved(tmp_path, source):
    answers = (Answer(3, "no_fly_zone", None), Answer(2, "no_fly_zone", (0.7, 0.1, 0.1, 0.1)))
    label = Label(2, "no_fly_zone", "favor", "Jansen", ((12, 33),))
    path = tmp_path / "stance.kleintje.jsonl"
    Layer("kleintje", ("no_fly_zone",), source.sha256, (label,), made_by=MADE, answers=answers).save(path, source)
    return path


def changed(path, line, **values):
    lines = [json.loads(text) for text in path.read_text(encoding="utf-8").splitlines()]
    lines[line] |= values
    path.write_text("".join(json.dumps(one) + "\n" for one in lines), encoding="utf-8")
    return path


def test_layer_comes_back_with_its_model_and_probabilities(saved, debate, source):
    layer = Layer.load(saved)
    layer.check(debate, source, str(saved))
    assert layer.made_by == MADE
    assert layer.by_pair() == {(2, "no_fly_zone"): "favor"}
    assert layer.unanswered == {(3, "no_fly_zone")}
    assert layer.probabilities() == {
        (2, "no_fly_zone"): {"favor": 0.7, "against": 0.1, "neutral": 0.1, "none": 0.1}
    }  # fmt: skip


def test_layer_of_people_says_nothing_of_models(tmp_path, source):
    path = tmp_path / "stance.jan.jsonl"
    Layer("jan", ("no_fly_zone",), source.sha256, ()).save(path, source)
    assert "made_by" not in path.read_text(encoding="utf-8")
    assert Layer.load(path).made_by is None


@pytest.mark.parametrize(
    ("line", "values", "said"),
    [
        (0, {"made_by": {"model": "x"}}, r"line 1: 'made_by' must tell of a model"),
        (0, {"made_by": MADE.record() | {"key": "x"}}, r"line 1: 'made_by' must tell of a model"),
        (0, {"made_by": MADE.record() | {"definitions": ["x"]}}, r"line 1: 'made_by' must tell of a model"),
        (2, {"p": [0.5, 0.5]}, r"line 3: expected turn, issue and p, a probability for each of favor"),
        (2, {"p": [0.5, 0.5, 0.5, 7]}, r"line 3: expected turn, issue and p"),
        (2, {"issue": "other"}, r"line 3: expected turn, issue and p"),
    ],
)
def test_what_is_wrong_is_named(saved, line, values, said):
    with pytest.raises(LayerError, match=said):
        Layer.load(changed(saved, line, **values))


def test_probabilities_need_a_model(saved):
    text = saved.read_text(encoding="utf-8").splitlines()
    head = {key: value for key, value in json.loads(text[0]).items() if key != "made_by"}
    saved.write_text("\n".join([json.dumps(head), *text[1:]]), encoding="utf-8")
    with pytest.raises(LayerError, match=r"line 3: probabilities in a layer whose header names no model"):
        Layer.load(saved)


def test_an_answer_beyond_the_debate_is_refused(saved, debate, source):
    with pytest.raises(LayerError, match="there is no turn 9; the debate has 3"):
        Layer.load(changed(saved, 3, turn=9)).check(debate, source, "x")


def test_the_same_work_on_another_day_is_the_same():
    assert MADE.same_work(replace(MADE, date="2032-01-01", standpunt="9", probabilities=None))
    assert not MADE.same_work(replace(MADE, prompt="f" * 64))
    assert not MADE.same_work(replace(MADE, definitions={"no_fly_zone": "abd"}))
