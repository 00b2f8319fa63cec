"""The estimator, held against scikit-learn's own checks and used in its grids and pipelines."""

import pickle
import warnings
from collections import Counter

import numpy as np
import pandas as pd
import pytest
import sklearn.utils.estimator_checks as checks
from datasets import Dataset
from sklearn.base import clone, is_classifier
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, GroupKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from standpunt import ProtocolSplit, StanceClassifier, load_issue
from standpunt.errors import InputError
from standpunt.models.tfidf import TfidfConfig
from standpunt.testing import contract_rows


class OfNumbers(StanceClassifier):
    """The estimator on tables of numbers, which become words; so scikit-learn's checks can feed it."""

    def fit(self, X, y):
        self.n_features_in_ = np.asarray(X).shape[-1]
        return super().fit(X, y)

    def _rows(self, X):
        table = np.asarray(X)
        if table.ndim != 2 or 0 in table.shape:
            raise ValueError("Reshape your data: expected 2 dimensions, at least one sample and one feature")
        if table.shape[1] != self.n_features_in_:
            raise ValueError(f"X has {table.shape[1]} features, expected {self.n_features_in_}")
        return super()._rows([" ".join(_word(place, value) for place, value in enumerate(row)) for row in table])

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array, tags.input_tags.string = True, False
        return tags


def _word(place, value):
    """Return a word for a number in a column: numbers near to each other have the same."""
    return f"kolom{chr(97 + place % 26)}{'min' if value < 0 else 'plus'}{chr(97 + min(int(abs(value)), 20))}"


# What is left out asks for what a classifier of texts has not: that it refuses numbers that are not finite,
# complex ones and sparse matrices, that it weighs samples, and that it keeps the names of columns.
APPLICABLE = (
    "check_estimator_cloneable", "check_estimator_tags_renamed", "check_valid_tag_types", "check_estimator_repr",
    "check_no_attributes_set_in_init", "check_fit_score_takes_y", "check_estimators_overwrite_params",
    "check_dont_overwrite_parameters", "check_estimators_fit_returns_self", "check_readonly_memmap_input",
    "check_estimators_unfitted", "check_do_not_raise_errors_in_init_or_set_params", "check_mixin_order",
    "check_estimators_dtypes", "check_estimators_pickle", "check_pipeline_consistency",
    "check_f_contiguous_array_estimator",
    "check_classifier_data_not_an_array", "check_classifiers_one_label", "check_classifiers_classes",
    "check_classifiers_train", "check_classifiers_regression_target", "check_supervised_y_2d",
    "check_parameters_default_constructible", "check_methods_sample_order_invariance",
    "check_methods_subset_invariance", "check_fit2d_1sample", "check_fit2d_1feature", "check_get_params_invariance",
    "check_set_params", "check_dict_unchanged", "check_fit_idempotent", "check_fit_check_is_fitted",
)  # fmt: skip


@pytest.fixture(scope="module")
def rows():
    return contract_rows().to_list()


@pytest.fixture(scope="module")
def labels(rows):
    return [row["label"] for row in rows]


@pytest.mark.parametrize("name", APPLICABLE)
def test_a_check_of_scikit_learn(name):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        getattr(checks, name)("OfNumbers", OfNumbers("tfidf"))


def test_a_clone_is_equal_and_untrained(rows, labels):
    trained = StanceClassifier("tfidf", seed=3).set_params(model__c=2.0).fit(rows, labels)
    other = clone(trained)
    assert other.get_params() == trained.get_params()
    assert other.get_params()["model__c"] == 2.0
    assert is_classifier(other)
    with pytest.raises(NotFittedError):
        other.predict(rows)
    assert StanceClassifier(TfidfConfig(name="mine", family="tfidf", c=2.0)).get_params()["model__name"] == "mine"


def test_it_is_the_model_of_the_family(rows, labels):
    from standpunt.annotation.issues import load_issues
    from standpunt.models import build

    issues = load_issues(sorted({row["issue"] for row in rows}))
    expected = build(TfidfConfig(name="tfidf", family="tfidf"), sorted(set(labels)), issues).fit(rows)
    made = StanceClassifier("tfidf").fit(rows, labels)
    np.testing.assert_array_equal(made.predict_proba(rows), expected.predict_proba(rows))
    assert made.predict(rows).tolist() == expected.predict(rows)
    assert made.classes_.tolist() == ["against", "favor", "neutral"]
    assert list(made.model_.issues) == list(dict.fromkeys(row["issue"] for row in rows))


def test_rows_of_any_kind_are_the_same(rows, labels):
    expected = StanceClassifier("tfidf").fit(rows, labels).predict_proba(rows)
    for given in (pd.DataFrame(rows), Dataset.from_list(rows), np.array(rows, dtype=object), tuple(rows)):
        np.testing.assert_array_equal(StanceClassifier("tfidf").fit(given, labels).predict_proba(given), expected)
    texts = [row["text"] for row in rows]
    alone = StanceClassifier("tfidf").fit(texts, labels)
    assert (alone.predict_proba(pd.Series(texts)) == alone.predict_proba(texts)).all()


def test_labels_of_any_kind(rows, labels):
    numbers = [sorted(set(labels)).index(label) for label in labels]
    made = StanceClassifier("tfidf").fit(rows, numbers)
    assert made.classes_.tolist() == [0, 1, 2]
    assert set(made.predict(rows).tolist()) <= {0, 1, 2}
    assert made.score(rows, numbers) > 0.8


def test_a_grid_with_groups_is_refitted_on_the_best_setting(rows, labels):
    speakers = [row["speaker"] for row in rows]
    grid = GridSearchCV(StanceClassifier("tfidf"), {"model__c": [0.01, 1.0], "seed": [1]}, cv=GroupKFold(3))
    grid.fit(pd.DataFrame(rows), labels, groups=speakers)
    assert grid.best_params_["model__c"] in (0.01, 1.0)
    assert grid.best_estimator_.model_.config.c == grid.best_params_["model__c"]
    assert grid.best_estimator_.model_.provenance.rows == 60
    assert np.isfinite(grid.cv_results_["mean_test_score"]).all()
    assert grid.cv_results_["params"][0] == {"model__c": 0.01, "seed": 1}


def test_a_protocol_divides_as_it_does_in_experiments(rows, labels):
    frame = pd.DataFrame(rows)
    folds = list(ProtocolSplit(unit="debate").split(frame, labels))
    assert len(folds) == ProtocolSplit(unit="debate").get_n_splits(frame) == frame["debate"].nunique()
    for train, test in folds:
        assert set(frame["debate"].iloc[train]).isdisjoint(frame["debate"].iloc[test])
    assert Counter(place for _, test in folds for place in test) == Counter(range(60))
    scores = cross_val_score(StanceClassifier("issue"), frame, labels, cv=ProtocolSplit("random_by_group", folds=3))
    assert len(scores) == 3


def test_a_pipeline_makes_rows_of_a_table(labels, rows):
    table = pd.DataFrame({"tekst": [row["text"] for row in rows], "stelling": [row["proposition"] for row in rows]})
    renamed = FunctionTransformer(lambda X: X.rename(columns={"tekst": "text", "stelling": "proposition"}))
    pipe = make_pipeline(renamed, StanceClassifier("tfidf")).set_params(stanceclassifier__model__c=5.0)
    assert pipe.fit(table, labels).predict(table).shape == (60,)
    assert pipe[-1].model_.config.c == 5.0


def test_a_trained_one_travels_between_processes(rows, labels):
    made = StanceClassifier("tfidf").fit(rows, labels)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(made)).predict_proba(rows), made.predict_proba(rows))


def test_a_model_that_reads_propositions_answers_on_an_issue_of_ones_own(tmp_path, rows, labels):
    issue = load_issue("rent_freeze")
    made = StanceClassifier("tfidf", issues={"rent_freeze": issue}).fit(rows, labels)
    assert list(made.model_.issues) == ["rent_freeze"]


@pytest.mark.parametrize(
    ("do", "error", "said"),
    [
        (lambda c, rows, y: c.set_params(model__cc=1), ValueError, "setting of family tfidf 'cc': did you mean 'c'"),
        (lambda c, rows, y: c.set_params(sead=1), ValueError, "Invalid parameter 'sead'"),
        (lambda c, rows, y: c.set_params(model__c=-1.0), InputError, r"model\.c is -1\.0"),
        (lambda c, rows, y: c.set_params(model="tfid").fit(rows, y), InputError, "did you mean 'tfidf'"),
        (lambda c, rows, y: c.fit([3.0, 4.0], y[:2]), InputError, "row 1: expected a text, or a mapping"),
        (lambda c, rows, y: c.fit([{"tekst": "Ja."}], y[:1]), InputError, "row 1: expected a text, or a mapping"),
        (lambda c, rows, y: c.fit(rows, y[:5]), ValueError, "60 rows and 5 labels"),
        (lambda c, rows, y: ProtocolSplit("leave_one_out", uni="debate"), InputError, "did you mean 'unit'"),
        (lambda c, rows, y: ProtocolSplit("leave_two_out"), InputError, "did you mean 'leave_one_out'"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(rows, labels, do, error, said):
    with pytest.raises(error, match=said):
        do(StanceClassifier("tfidf"), rows, labels)


def test_its_docstring_warns_of_leakage():
    assert "Beware of leakage" in StanceClassifier.__doc__
    assert "GroupKFold" in StanceClassifier.__doc__


@pytest.mark.parametrize("given", ["Voor de brug.", {"text": ["Voor de brug."]}])
def test_one_text_or_a_dict_of_columns_is_no_list_of_rows(given):
    fitted = StanceClassifier("tfidf").fit(["voor de brug", "tegen de brug"] * 3, ["favor", "against"] * 3)
    with pytest.raises(InputError, match=f"rows: a {type(given).__name__}; expected a list of texts or mappings"):
        fitted.predict(given)


@pytest.mark.parametrize("form", [list, pd.Series, lambda labels: np.array(labels, dtype=object)])
def test_a_missing_label_makes_no_class(form):
    for missing in (None, np.nan):
        with pytest.raises(ValueError, match="y: row 2 has no label"):
            StanceClassifier("tfidf").fit(["voor", "weet niet"], form(["favor", missing]))
