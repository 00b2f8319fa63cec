"""Zero-shot stance beyond the contract: what is asked, how answers become labels, and what fit learns."""

import shutil
from dataclasses import replace

import huggingface_hub.constants
import numpy as np
import pytest

from standpunt.errors import InputError, ModelError
from standpunt.evaluation.calibration import BiasCorrection, fit_bias_correction
from standpunt.models import Model
from standpunt.models.finetuned.nli import NliConfig, _columns
from standpunt.models.finetuned.pairs import logits
from tiny_bert import POSITIONS, save_tiny_bert

LABELS = ("favor", "against", "neutral")
JOINT = (*LABELS, "none")
EVEN = {"entailment": 0.5, "neutral": 0.2, "contradiction": 0.3}


@pytest.fixture
def asked(monkeypatch):
    """Return a function that gives a model fixed logits by the hypothesis, and notes what it is asked."""

    def listen(model, answers):
        pairs = []

        def say(given):
            pairs.extend(given)
            order = sorted(model._columns, key=model._columns.get)
            return np.log([[answers(text, said)[answer] for answer in order] for text, said in given])

        monkeypatch.setattr(model, "_logits", say)
        return pairs

    return listen


def test_answers_become_the_stance(make, rows, asked):
    model = make("nli", window_words=200)
    pairs = asked(model, lambda text, said: EVEN)
    one = {**rows[0], "text": "De brug moet open."}
    np.testing.assert_allclose(model.predict_proba([one]), [[0.5, 0.3, 0.2]])
    assert pairs == [("De brug moet open.", f"De spreker is het eens met deze stelling: {one['proposition']}")]


def test_none_is_decided_by_a_question_of_its_own(make, rows, asked):
    model = make("nli", JOINT, window_words=200)
    about = {"entailment": 0.6, "neutral": 0.3, "contradiction": 0.1}
    pairs = asked(model, lambda text, said: about if "gaat over" in said else EVEN)
    probabilities = model.predict_proba([{**rows[0], "text": "De brug moet open."}])
    np.testing.assert_allclose(probabilities, [[0.30, 0.18, 0.12, 0.40]])
    assert [said.split(":")[0] for _, said in pairs] == [
        "De spreker is het eens met deze stelling", "Dit gaat over deze stelling",
    ]  # fmt: skip


def test_hypotheses_in_english_take_the_english_proposition(make, rows, asked):
    model = make("nli", language="en")
    issue = model.issues[rows[0]["issue"]]
    pairs = asked(model, lambda text, said: EVEN)
    english = {**rows[0], "text": "Yes.", "language": "en", "proposition": issue.proposition["en"]}
    dutch = {**rows[0], "text": "Ja."}
    model.predict_proba([dutch, english, {**dutch, "proposition": "De brug moet dicht."}])
    assert [said for _, said in pairs] == [
        f"The speaker agrees with this statement: {issue.proposition['en']}",
        f"The speaker agrees with this statement: {issue.proposition['en']}",
        "The speaker agrees with this statement: De brug moet dicht.",  # not the issue's own wording
    ]


def test_evidence_is_that_of_the_label_after_calibration(make, rows, asked):
    model = make("nli", window_words=8)
    said = {"Dat moet er komen, zeg ik u.": (0.6, 0.0, 0.4), "Dat wil hier toch niemand meer.": (0.1, 0.0, 0.9)}

    def answers(text, _):
        return dict(zip(EVEN, np.array(said[text]).clip(1e-9), strict=True))

    asked(model, answers)
    texts = list(said)
    one = {**rows[0], "text": " ".join([texts[0], texts[0], texts[1]])}
    starts = {"against": one["text"].index(texts[1]), "favor": 0}
    for label, start in starts.items():
        model._calibration = BiasCorrection(1.0, {"favor": 0.0, "against": 0.0, "neutral": 0.0} | {label: 5.0})
        probabilities, ((found, _),) = model.predict_with_evidence([one])
        assert LABELS[probabilities[0].argmax()] == label
        assert found == start


def test_without_calibration_nothing_is_learnt(make, rows, tmp_path):
    untrained = make("nli", calibrate=False)
    before = untrained.predict_proba(rows[:5])
    fitted = make("nli", calibrate=False).fit(rows, seed=1)
    np.testing.assert_array_equal(fitted.predict_proba(rows[:5]), before)
    fitted.save(tmp_path / "model")
    np.testing.assert_array_equal(Model.load(tmp_path / "model").predict_proba(rows[:5]), before)


def test_it_is_calibrated_on_dev_where_there_is_one_and_on_no_more_than_asked(make, rows, monkeypatch):
    seen = []
    model = make("nli", calibrate_rows=4)
    model._open()
    whole = model._windows
    monkeypatch.setattr(model, "_windows", lambda given: seen.append(given) or whole(given))
    model.fit(rows[:10], rows[10:13])
    model.fit(rows[:10], seed=1)
    assert [row["text"] for row in seen[0]] == [row["text"] for row in rows[10:13]]
    assert len(seen[1]) == 4
    assert {row["text"] for row in seen[1]} <= {row["text"] for row in rows[:10]}


def test_calibration_finds_the_bias_that_was_put_in():
    draw = np.random.default_rng(0)
    truth = draw.dirichlet([1.0] * 3, 4000)
    gold = np.array([draw.choice(3, p=share) for share in truth])
    wrong = truth**2 * np.array([1.0, 4.0, 0.5])
    wrong /= wrong.sum(axis=1, keepdims=True)
    fitted = fit_bias_correction(wrong, gold, LABELS)
    assert fitted.slope == pytest.approx(0.5, abs=0.05)
    np.testing.assert_allclose(fitted.apply(wrong, LABELS).mean(axis=0), truth.mean(axis=0), atol=0.02)
    assert np.abs(fitted.apply(wrong, LABELS) - truth).mean() < 0.02


def test_label_that_did_not_occur_gets_nothing():
    given = np.array([[0.2, 0.3, 0.5], [0.6, 0.3, 0.1]])
    fitted = fit_bias_correction(given, np.array([0, 1]), LABELS)
    assert set(fitted.bias) == {"favor", "against"}
    assert (fitted.apply(given, LABELS)[:, 2] == 0).all()


def test_calibration_follows_the_labels_and_not_their_order():
    given = np.array([[0.2, 0.3, 0.5]])
    one = BiasCorrection(1.0, {"favor": 0.0, "against": 1.0, "neutral": 0.0})
    np.testing.assert_allclose(one.apply(given, LABELS)[:, ::-1], one.apply(given[:, ::-1], LABELS[::-1]))


def test_names_of_the_answers_are_found_whatever_their_order_and_case():
    assert _columns("x", {0: "CONTRADICTION", 1: "neutral", 2: "Entailment"}) == {
        "entailment": 2, "neutral": 1, "contradiction": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (["a", "b", "c"], "labels a, b, c and none named entailment or neutral or contradiction"),
        (["entailment", "not_entailment"], "none named neutral or contradiction"),
        (None, "none named entailment"),
    ],
)
def test_encoder_that_is_no_nli_model_is_refused(make, rows, tmp_path, labels, expected):
    folder = save_tiny_bert(tmp_path / "encoder", ["een brug"], labels=labels)
    with pytest.raises(InputError, match=expected) as caught:
        make("nli", encoder=str(folder)).fit(rows[:5])
    assert "\n" not in str(caught.value)
    assert str(folder) in str(caught.value)


def test_another_model_at_its_place_is_refused(make, rows, tmp_path):
    texts, answers = [row["text"] for row in rows], ["entailment", "neutral", "contradiction"]
    encoder = save_tiny_bert(tmp_path / "encoder", texts, labels=answers)
    make("nli", encoder=str(encoder)).fit(rows[:5]).save(tmp_path / "model")
    assert Model.load(tmp_path / "model").predict(rows[:2])
    shutil.rmtree(encoder)
    save_tiny_bert(encoder, texts, labels=answers, seed=1)
    with pytest.raises(ModelError, match="is not the one the model was trained with"):
        Model.load(tmp_path / "model")


def test_model_on_the_hub_without_a_network_is_named(make, rows, monkeypatch):
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(InputError, match=r"encoder 'nobody/no-such-nli' cannot be loaded \("):
        make("nli", encoder="nobody/no-such-nli").fit(rows[:5])


def test_task_without_a_stance_is_refused(make):
    for labels in (("oordeel Kamer", "ontraden"), ("favor", "against")):
        with pytest.raises(InputError, match="answers with favor, neutral, against and none, not with"):
            make("nli", labels)


def test_turns_and_issues_of_any_length(make, rows):
    model = make("nli").fit(rows[:5])
    texts = ["", " ".join(["Dat is een zin van zes woorden."] * 3000), "woord " * 100_000]
    given = [{**rows[0], "text": text} for text in texts] + [{**rows[0], "proposition": "De brug moet er zijn. " * 100}]
    np.testing.assert_allclose(model.predict_proba(given).sum(axis=1), 1, atol=1e-9)


def test_the_window_is_the_premise(make, rows, tiny_nli):
    model = make("nli", window_words=200)
    text, said = "De brug moet open.", f"De spreker is het eens met deze stelling: {rows[0]['proposition']}"
    probabilities = model.predict_proba([{**rows[0], "text": text}])[0]
    values = logits(model._network, model._tokenizer, [(text, said)], max_tokens=96)[0]
    shares = np.exp(values - values.max()) / np.exp(values - values.max()).sum()
    np.testing.assert_allclose(
        probabilities, shares[[1, 2, 0]], atol=1e-6
    )  # it answers neutral, entailment, contradiction


def test_more_tokens_than_the_encoder_reads_are_refused(make, rows):
    with pytest.raises(InputError, match=f"model.max_tokens is {POSITIONS + 1}; expected {POSITIONS} at most"):
        make("nli", max_tokens=POSITIONS + 1).fit(rows[:5])


@pytest.mark.parametrize(
    ("name", "value"),
    [("language", "fy"), ("window_words", 4), ("max_tokens", 15), ("calibrate_rows", 0), ("batch_size", 0),
     ("threads", 0)],
)  # fmt: skip
def test_settings_that_make_no_sense_are_refused(name, value):
    with pytest.raises(InputError, match=rf"model\.{name} is {value}; expected"):
        replace(NliConfig(), **{name: value})


@pytest.mark.parametrize("key", ["hypothesis", "topic"])
def test_template_without_a_place_for_the_proposition_is_refused(key):
    with pytest.raises(InputError, match=rf"model\.{key}\.nl is 'Ja\.'; expected a sentence with"):
        replace(NliConfig(), **{key: {"nl": "Ja."}})
