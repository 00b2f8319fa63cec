"""A model family as an estimator of scikit-learn, for its grids and pipelines, and a protocol as their splitter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, column_or_1d

from standpunt.annotation.issues import Issue, shipped_issue
from standpunt.corpora.rows import Rows
from standpunt.errors import InputError, unknown_name
from standpunt.models.base import Model, ModelConfig
from standpunt.models.building import build
from standpunt.models.families import FAMILIES
from standpunt.splits import PROTOCOLS

_DEEP = "model__"  # before the settings of the family, as scikit-learn names parameters of a part
_FIELDS = {"issue": "", "proposition": "", "debate": "", "speaker": None, "party": None, "context": ""}


class StanceClassifier(ClassifierMixin, BaseEstimator):
    """Any model family of the package with the interface of scikit-learn.

    Rows are texts, mappings with at least a `text` (and `proposition`, `issue` and what else the family reads), a
    DataFrame or a `datasets.Dataset`; labels are of any kind. Every setting of the family is a parameter
    `model__SETTING`, so that a grid can search it::

        rows = load_corpus("fictional").rows().to_pandas()
        grid = GridSearchCV(
            StanceClassifier("tfidf"), {"model__c": [0.5, 1, 2]}, cv=ProtocolSplit("leave_one_out", unit="debate")
        )
        grid.fit(rows, rows["label"])

    Warning:
        Beware of leakage. The splitters that scikit-learn takes by default know nothing of speakers, debates and
        issues: with `cv=5`, turns of one speaker, one debate and one issue, and the same text with another issue, are
        on both sides of a fold, and the score is that of a model that has seen its test. Give `groups` and
        `cv=GroupKFold()`, or better `cv=ProtocolSplit(...)`, which holds out what you name and leaves near-duplicates
        of tested texts out of training. What a grid has chosen by its folds is no score of the choice either: hold
        test data out of the whole search. Fit words, scalers and selections inside of a pipeline, never before it.

    Parameters:
        model: a family by name, or the configuration of one.
        issues: definitions of the issues, keyed by name, for families that read them; by default those that ship, of
            the names in the rows.
        seed: everything random is drawn from it.

    Attributes:
        classes_: the labels, sorted, in the column order of the probabilities.
        model_: the trained `Model`, with names of labels that are texts.
    """

    def __init__(
        self, model: str | ModelConfig = "tfidf", *, issues: Mapping[str, Issue] | None = None, seed: int = 0
    ) -> None:
        """Keep the parameters; see the class."""
        self.model = model
        self.issues = issues
        self.seed = seed

    def fit(self, X: Any, y: Any) -> Self:
        """Train on rows and their labels.

        Raises:
            InputError: rows or settings are not what the family takes, or there is no such family.
            ValueError: the labels are not classes, or there are not as many as rows.
        """
        missing = [] if y is None else np.flatnonzero(pd.isna(np.asarray(y, dtype=object)))
        if len(missing):  # numpy would make a class "nan" of it
            raise ValueError(f"y: row {missing[0] + 1} has no label; leave such rows out")
        y = column_or_1d(y, warn=True)
        check_classification_targets(y)
        rows = self._rows(X)
        if len(rows) != len(y):
            raise ValueError(f"{len(rows)} rows and {len(y)} labels; expected as many of one as of the other")
        self.classes_, gold = np.unique(y, return_inverse=True)
        labels = [str(label) for label in self.classes_]
        named = [{**row, "label": labels[place]} for row, place in zip(rows, gold, strict=True)]
        self.model_: Model = build(self._config(), labels, self._known(rows)).fit(named, seed=self.seed)
        return self

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """Return probabilities, shape (n_rows, n_classes), in the order of `classes_`."""
        check_is_fitted(self)
        rows = self._rows(X)
        return self.model_.knowing(self._known(rows)).predict_proba(rows)

    def predict(self, X: Any) -> NDArray[Any]:
        """Return the most probable label of each row."""
        places = self.predict_proba(X).argmax(axis=1)
        return self.classes_[places]

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the parameters, with the settings of the family where `deep`."""
        params = super().get_params(deep=False)
        if deep and (
            isinstance(self.model, ModelConfig) or (isinstance(self.model, str) and self.model in FAMILIES.names())
        ):
            config = self._config()
            params |= {f"{_DEEP}{field.name}": getattr(config, field.name) for field in fields(config)}
        return params

    def set_params(self, **params: Any) -> Self:
        """Set parameters; `model__SETTING` sets one of the family.

        Raises:
            ValueError: there is no such parameter.
            InputError: the family refuses a value.
        """
        inner = {name.removeprefix(_DEEP): value for name, value in params.items() if name.startswith(_DEEP)}
        super().set_params(**{name: value for name, value in params.items() if not name.startswith(_DEEP)})
        if inner:
            config = self._config()
            known = {field.name for field in fields(config)}
            for name in inner:
                if name not in known:
                    raise ValueError(str(unknown_name(f"setting of family {config.family}", name, known)))
            self.model = replace(config, **inner)
        return self

    def _config(self) -> ModelConfig:
        if isinstance(self.model, ModelConfig):
            return self.model
        config = FAMILIES.get(str(self.model)).config_class()
        return replace(config, name=self.model, family=self.model)

    def _known(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, Issue]:
        """Return the definitions of the issues of rows, as far as there are any."""
        if self.issues is not None:
            return dict(self.issues)
        found = {name: shipped_issue(name) for name in dict.fromkeys(str(row["issue"]) for row in rows)}
        return {name: issue for name, issue in found.items() if issue is not None}

    def _rows(self, X: Any) -> list[dict[str, Any]]:
        """Return rows of any kind as records with the fields that families read.

        Raises:
            InputError: a row is neither a text nor a mapping with one.
        """
        return [_record(row, number) for number, row in enumerate(_given(X), start=1)]

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.input_tags.string = True
        return tags


class ProtocolSplit:
    """A protocol of the package as a splitter for `cross_val_score`, `GridSearchCV` and the like.

    Rows need the columns of a corpus (`id`, `speaker`, `debate`, `issue`, `text`, …). No value of what is held out is
    on both sides, and near-duplicates of tested texts are left out of training.
    """

    def __init__(self, name: str = "leave_one_out", **settings: Any) -> None:
        """Set up.

        Args:
            name: of the protocol, see docs/protocols.md.
            settings: its settings, such as `unit="debate"`.

        Raises:
            InputError: there is no such protocol, or a setting is not one of it.
        """
        cls = PROTOCOLS.get(name)
        known = [field.name for field in fields(cls.settings_class)]
        for setting in settings:
            if setting not in known:
                raise unknown_name(f"setting of protocol {name}", setting, known)
        self._protocol = cls(cls.settings_class(name=name, **settings))

    def split(self, X: Rows, y: Any = None, groups: Any = None) -> Iterator[tuple[NDArray[np.int_], NDArray[np.int_]]]:
        """Yield the indices of the rows to train on and of those to test on.

        Raises:
            InputError: the rows do not fit the protocol.
        """
        for fold in self._protocol.folds([dict(row) for row in _given(X)]):
            yield fold.train, fold.test

    def get_n_splits(self, X: Rows, y: Any = None, groups: Any = None) -> int:
        """Return the number of folds."""
        return sum(1 for _ in self.split(X))


def _given(rows: Any) -> list[Any]:
    """Return rows as a list: of a DataFrame, a Dataset, a Series, an array or any sequence.

    Raises:
        InputError: it is one text, whose characters would be taken for texts, or a dict, whose keys would be.
    """
    if isinstance(rows, str | bytes | Mapping):
        raise InputError(
            f"rows: a {type(rows).__name__}; expected a list of texts or mappings, a DataFrame or a Dataset"
        )
    if hasattr(rows, "columns") and hasattr(rows, "to_dict"):
        return rows.astype(object).where(rows.notna(), None).to_dict("records")
    return rows.to_list() if hasattr(rows, "to_list") else list(rows)


def _record(row: Any, number: int) -> dict[str, Any]:
    if isinstance(row, str):
        row = {"text": row}
    if not isinstance(row, Mapping) or not isinstance(row.get("text"), str):
        raise InputError(f"row {number}: expected a text, or a mapping with a field text; got {type(row).__name__}")
    return {**_FIELDS, **row}
