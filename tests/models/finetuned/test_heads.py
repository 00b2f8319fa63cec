"""One encoder that learns several tasks."""

import numpy as np
import pytest

from standpunt.errors import InputError
from standpunt.models import Model
from standpunt.models.base import AuxiliaryRows
from standpunt.models.finetuned.finetune import dev_loss
from standpunt.models.finetuned.heads import MAIN, Heads, weighing
from standpunt.models.windows.examples import Example

pytestmark = pytest.mark.slow  # whole commands, experiments or readings

LABELS = ("favor", "against", "neutral")
PARTS = ("claim", "premise", "none")
HEADS = Heads({MAIN: LABELS, "component": PARTS, "sure": ("yes", "no")})


@pytest.fixture(scope="module")
def sentences():
    """Return rows of another task, told by one word."""
    words = {"claim": "moeten", "premise": "want", "none": "voorzitter"}
    return [
        {"text": f"{n} " + f"{words[label]} " * 6, "proposition": "Wat eromheen staat.", "issue": "component",
         "debate": f"d{n % 3}", "label": label}
        for n in range(30) for label in PARTS
    ]  # fmt: skip


@pytest.fixture(scope="module", params=["lora", "full"])
def model(request, make, rows, sentences):
    """Return a model that learnt stance and components."""
    found = make(
        "cross_encoder", n_seeds=1, epochs=8, tuning=request.param, learning_rate=2e-3, batch_size=8,
        auxiliary={"component": "somewhere"},
    )  # fmt: skip
    found.auxiliary = {"component": AuxiliaryRows(PARTS, sentences[:60], sentences[60:])}
    return found.fit(rows[:20], rows[20:30])


def test_columns_of_each_task():
    assert HEADS.names == (*LABELS, *(f"component:{label}" for label in PARTS), "sure:yes", "sure:no")
    values = np.arange(16.0).reshape(2, 8)
    assert [HEADS.columns(task) for task in HEADS.labels] == [(0, 3), (3, 6), (6, 8)]
    np.testing.assert_array_equal(HEADS.columns_of("component", values), [[3, 4, 5], [11, 12, 13]])
    np.testing.assert_array_equal(np.hstack([HEADS.columns_of(task, values) for task in HEADS.labels]), values)


def test_examples_take_their_places():
    example = Example("a", "b", 1)
    assert HEADS.placed("sure", [example]) == [Example("a", "b", 7, among=(6, 8))]
    assert Heads({MAIN: LABELS}).placed(MAIN, [example]) == [example]
    assert [found.weight for found in weighing([example, Example("a", "b", 0, 3.0)], 8.0)] == [2.0, 6.0]


def test_columns_of_other_tasks_count_for_nothing():
    class Reading:
        def read(self, pairs):
            return np.array([[1.0, 2.0, 50.0], [1.0, 2.0, -50.0]])

    loss = dev_loss(Reading(), [Example("a", "b", 0, among=(0, 2))] * 2)
    assert loss == pytest.approx(np.log(1 + np.e))


def test_each_task_is_learnt(model, sentences):
    other = model.answering("component")
    assert (other.labels, other.provenance.task) == (PARTS, "component")
    assert np.mean([said == row["label"] for said, row in zip(other.predict(sentences), sentences, strict=True)]) > 0.9
    assert model.labels == LABELS


def test_a_saved_model_answers_as_before_for_every_task(model, rows, sentences, tmp_path):
    model.save(tmp_path / "model")
    loaded = Model.load(tmp_path / "model")
    np.testing.assert_array_equal(loaded.predict_proba(rows), model.predict_proba(rows))
    given, expected = loaded.answering("component"), model.answering("component")
    np.testing.assert_array_equal(given.predict_proba(sentences), expected.predict_proba(sentences))
    given.save(tmp_path / "component")
    again = Model.load(tmp_path / "component")
    assert (again.labels, again.provenance.task) == (PARTS, "component")
    np.testing.assert_array_equal(again.predict_proba(sentences), expected.predict_proba(sentences))


def test_a_task_that_was_not_learnt(model):
    with pytest.raises(InputError, match=r"^unknown auxiliary task of model .* 'frame'.*component"):
        model.answering("frame")


def test_settings_and_rows_of_other_tasks_must_agree(make, rows, sentences):
    model = make("cross_encoder", n_seeds=1, epochs=1, auxiliary={"component": "somewhere"})
    with pytest.raises(InputError, match=r"^model\.auxiliary names component and the model was given rows of no task"):
        model.fit(rows[:10])
    model = make("cross_encoder", n_seeds=1, epochs=1)
    model.auxiliary = {"component": AuxiliaryRows(PARTS, sentences)}
    with pytest.raises(InputError, match="was given rows of component"):
        model.fit(rows[:10])


def test_without_dev_rows_of_its_own_there_is_nothing_to_stop_early_on(make, rows, sentences, trained_on):
    model = make("cross_encoder", n_seeds=1, epochs=1, dev_share=0.0, auxiliary={"component": "somewhere"})
    model.auxiliary = {"component": AuxiliaryRows(PARTS, sentences[:60], sentences[60:])}
    model.fit(rows[:10])
    assert trained_on["dev"] == []
    own, other = ([e.weight for e in trained_on["train"] if e.among == among] for among in ((0, 3), (3, 6)))
    assert len(other) == 60
    assert sum(other) == pytest.approx(sum(own))
