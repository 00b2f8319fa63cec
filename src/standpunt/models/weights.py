"""What scikit-learn's estimators learnt, as named arrays in a safetensors file.

Reading arrays executes nothing and imports no more than the estimators at hand. skops keeps whole estimators as safely,
but its import looks up every estimator of scikit-learn and brings torch with it, which took longer than all the rest of
a prediction. What an estimator is set to follows from a model's configuration and is not kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

Arrays = dict[str, NDArray[Any]]
Estimator = TypeVar("Estimator", LogisticRegression, StandardScaler)

# What each estimator needs to predict, of what scikit-learn documents that fitting sets.
_LEARNT: dict[type, tuple[str, ...]] = {
    LogisticRegression: ("classes_", "coef_", "intercept_"),
    StandardScaler: ("mean_", "scale_"),
}


def write_arrays(arrays: Mapping[str, NDArray[Any]], path: Path) -> None:
    """Write arrays by name; they stay as precise as they are."""
    # safetensors writes memory as it lies, whatever the order of the axes.
    save_file({name: np.asarray(array, order="C") for name, array in arrays.items()}, path)


def read_arrays(path: Path) -> Arrays:
    """Read what `write_arrays` wrote.

    Raises:
        safetensors.SafetensorError: the file is damaged.
    """
    return load_file(path)


def learnt(estimator: LogisticRegression | StandardScaler, name: str) -> Arrays:
    """Return what a fitted estimator learnt, keyed by `name` and the attribute."""
    return {f"{name}.{attribute}": getattr(estimator, attribute) for attribute in _LEARNT[type(estimator)]}


def restored(estimator: Estimator, arrays: Mapping[str, NDArray[Any]], name: str) -> Estimator:
    """Return an unfitted estimator as it was when `learnt` was called with this name.

    Raises:
        KeyError: something is missing.
    """
    for attribute in _LEARNT[type(estimator)]:
        setattr(estimator, attribute, arrays[f"{name}.{attribute}"])
    return estimator


def ngrams_of(vectorizer: TfidfVectorizer) -> list[str]:
    """Return the n-grams of a fitted vectorizer, in the order of its columns."""
    return vectorizer.get_feature_names_out().tolist()


def restored_vectorizer(vectorizer: TfidfVectorizer, ngrams: list[str], idf: NDArray[Any]) -> TfidfVectorizer:
    """Return an unfitted vectorizer as it was when it had learnt these n-grams and how rare each is.

    Raises:
        ValueError: there are not as many of one as of the other, or an n-gram is there twice.
    """
    vectorizer.set_params(vocabulary=ngrams)
    vectorizer.idf_ = idf
    return vectorizer
