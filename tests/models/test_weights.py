"""What estimators learnt, written and read: they predict what they predicted, to the last digit."""

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from standpunt.models.weights import learnt, ngrams_of, read_arrays, restored, restored_vectorizer, write_arrays

TEXTS = ["de brug moet geel", "de weg moet weg", "één brug, geen “weg”", "Kijk: een brug!"]


def again(arrays, tmp_path):
    write_arrays(arrays, tmp_path / "weights.safetensors")
    return read_arrays(tmp_path / "weights.safetensors")


@pytest.mark.parametrize(
    "array",
    [
        np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        np.arange(8, dtype=np.float32)[::2],
        np.array(3),
        np.ones((0, 2)),
    ],
    ids=["columns first", "every second", "a number", "empty"],
)
def test_an_array_stays_as_it_is(array, tmp_path):
    read = again({"array": array}, tmp_path)["array"]
    np.testing.assert_array_equal(read, array)
    assert (read.dtype, read.shape) == (array.dtype, array.shape)


@pytest.mark.parametrize("classes", [2, 3, 15])
@pytest.mark.parametrize("dtype", [float, np.float32])
def test_a_regression_on_scaled_features(classes, dtype, tmp_path):
    rng = np.random.default_rng(0)
    features, gold = rng.normal(3, 2, (60, 7)), np.arange(60) % classes
    scaler = StandardScaler().fit(features)
    regression = LogisticRegression(C=0.3).fit(scaler.transform(features), gold)
    regression.coef_ = regression.coef_.astype(dtype)
    read = again(learnt(scaler, "scaler") | learnt(regression, "classifier"), tmp_path)
    scaled = restored(StandardScaler(), read, "scaler").transform(features)
    np.testing.assert_array_equal(scaled, scaler.transform(features))
    twin = restored(LogisticRegression(), read, "classifier")
    np.testing.assert_array_equal(twin.predict_proba(scaled), regression.predict_proba(scaled))
    np.testing.assert_array_equal(twin.predict(scaled), regression.predict(scaled))


@pytest.mark.parametrize("settings", [{"dtype": np.float32, "analyzer": "char_wb", "ngram_range": (4, 4)}, {}], ids=str)
def test_a_vectorizer(settings, tmp_path):
    vectorizer = TfidfVectorizer(sublinear_tf=True, **settings).fit(TEXTS)
    idf = again({"idf": vectorizer.idf_}, tmp_path)["idf"]
    twin = restored_vectorizer(TfidfVectorizer(sublinear_tf=True, **settings), ngrams_of(vectorizer), idf)
    expected, found = (one.transform([*TEXTS, "een nieuwe brug"]) for one in (vectorizer, twin))
    np.testing.assert_array_equal(found.toarray(), expected.toarray())
    assert found.dtype == expected.dtype
    assert ngrams_of(twin) == ngrams_of(vectorizer)


@pytest.mark.parametrize("ngrams", [["brug"], ["brug", "weg", "dijk"], ["brug", "brug"], []], ids=str)
def test_ngrams_that_do_not_belong_to_their_weights_are_refused(ngrams):
    with pytest.raises(ValueError, match="vocabulary"):
        restored_vectorizer(TfidfVectorizer(), ngrams, np.ones(2))


def test_something_missing_is_refused():
    with pytest.raises(KeyError, match=r"classifier\.coef_"):
        restored(LogisticRegression(), {"classifier.classes_": np.arange(2)}, "classifier")
