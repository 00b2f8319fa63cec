"""What only TF-IDF has: columns once for each issue, and weights only for those that training uses."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from standpunt.errors import InputError
from standpunt.models.tfidf import Tfidf, TfidfConfig

LABELS = ("favor", "against", "neutral")
WORDS = ["brug", "weg", "haven", "spoor", "dijk", "molen", "veer", "sluis", "kade", "brink"]


def rows_of(n, seed=0):
    rng = np.random.default_rng(seed)
    drawn = [(" ".join(rng.choice(WORDS, 6)), f"issue{rng.integers(4)}", LABELS[rng.integers(3)]) for _ in range(n)]
    said = "De brug moet weg."
    return [{"text": text, "issue": issue, "label": label, "proposition": said} for text, issue, label in drawn]


@pytest.mark.parametrize("proposition", [False, True])
def test_empty_columns_change_nothing(proposition):
    train, test = rows_of(60), rows_of(30, seed=1)
    model = Tfidf(TfidfConfig(proposition=proposition), LABELS, {}).fit(train)
    features = model._features(train)
    gold = [LABELS.index(row["label"]) for row in train]
    whole = LogisticRegression(C=1.0, class_weight="balanced", max_iter=2000, random_state=0).fit(features, gold)
    np.testing.assert_allclose(model.predict_proba(test), whole.predict_proba(model._features(test)), atol=1e-4)


def test_texts_without_a_word_are_refused():
    with pytest.raises(InputError, match="model tfidf: no text to train on has a word in it"):
        Tfidf(TfidfConfig(), LABELS, {}).fit([{**row, "text": "..."} for row in rows_of(9)])


def test_words_of_a_row_stand_under_its_issue_alone():
    model = Tfidf(TfidfConfig(), LABELS, {}).fit(rows_of(60))
    text = model._vectorizer.transform(["brug brug haven"]).toarray()[0]
    known, unknown = model._features([{"text": "brug brug haven", "issue": i} for i in ("issue2", "nothing")]).toarray()
    parts = known.reshape(5, -1)
    assert all((parts[place] == text).all() for place in (0, 3))
    assert not parts[[1, 2, 4]].any()
    assert (unknown.reshape(5, -1)[0] == text).all()
    assert not unknown.reshape(5, -1)[1:].any()


def test_columns_that_training_does_not_use_have_no_weight():
    rows = rows_of(60)
    rare = [rows[0] | {"text": "zee", "issue": "issue1", "label": "favor"}] * 2
    model = Tfidf(TfidfConfig(), LABELS, {}).fit(rows + rare)
    assert model._classifier.coef_.shape[1] < 5 * len(model._ngrams)


@pytest.mark.parametrize(
    ("n_issues", "rows_an_issue", "own"), [(200, 2, True), (200, 1, False), (1, 60, False), (1001, 2, False)]
)
def test_issues_have_words_of_their_own_where_there_are_rows_enough(n_issues, rows_an_issue, own):
    drawn = rows_of(n_issues * rows_an_issue)
    rows = [row | {"issue": f"issue{place % n_issues}"} for place, row in enumerate(drawn)]
    model = Tfidf(TfidfConfig(), LABELS, {}).fit(rows)
    assert model.describe()["issues with their own"] == (n_issues if own else 0)
