"""What models that read windows have in common: the turn that is answered, and the rows their pooling is chosen on."""

import numpy as np
import pytest

from standpunt.models import Model
from standpunt.models.windows.model import _fewer

ASKED = "Voorzitter. Wil de minister de brug openen?"


@pytest.mark.parametrize("name", ["cross_encoder, context", "embeddings"])
def test_a_model_with_context_answers_to_what_was_asked(make, rows, tmp_path, name):
    model = make(name, n_seeds=1, context=True) if name != "embeddings" else make(name, context=True)
    model.fit(rows[:20]).save(tmp_path / "model")
    given = [{**row, "context": context} for row in rows[:3] for context in ("", ASKED)]
    loaded = Model.load(tmp_path / "model")
    probabilities = loaded.predict_proba(given)
    np.testing.assert_array_equal(probabilities, model.predict_proba(given))
    assert (np.abs(probabilities[::2] - probabilities[1::2]).max(axis=1) > 1e-4).all()


@pytest.mark.parametrize("name", ["cross_encoder", "embeddings"])
def test_a_model_without_context_does_not_see_it(make, rows, name):
    model = (make(name, n_seeds=1, epochs=1) if name == "cross_encoder" else make(name)).fit(rows[:20])
    given = [{**row, "context": context} for row in rows[:3] for context in ("", ASKED)]
    probabilities = model.predict_proba(given)
    np.testing.assert_allclose(probabilities[::2], probabilities[1::2], atol=1e-6)


def test_few_of_the_rows_that_address_nothing_stand_for_all():
    rows = [{"label": "favor" if number % 10 == 0 else "none", "number": number} for number in range(5000)]
    kept, weights = _fewer(rows)
    assert [row["number"] for row in kept if row["label"] == "favor"] == list(range(0, 5000, 10))
    none = [row["number"] for row in kept if row["label"] == "none"]
    assert (len(none), none[0], none[-1]) == (500, 1, 4999)
    assert weights.sum() == pytest.approx(5000)
    assert _fewer(rows[:20]) == (rows[:20], pytest.approx(np.ones(20)))
