"""Temperature scaling, with and without biases: probabilities that can be taken at their word.

Source: C. Guo, G. Pleiss, Y. Sun, K. Weinberger, On Calibration of Modern Neural Networks, ICML 2017.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BOUNDS = (0.25, 8.0)
SMALLEST_PROBABILITY = 1e-12  # below this a probability is taken for this


def scaled(probabilities: NDArray[np.float64], temperature: float | NDArray[np.float64]) -> NDArray[np.float64]:
    """Divide the logarithms of probabilities by a temperature; the order of the labels stays.

    Args:
        probabilities: shape (n_rows, n_labels).
        temperature: above 1 for less certainty, below 1 for more; one, or one a row. The inverse of `t` is `1 / t`.

    Returns:
        Shape (n_rows, n_labels), rows summing to one; a label of probability 0 keeps it.
    """
    power = 1 / np.broadcast_to(np.asarray(temperature, dtype=float), (len(probabilities),))
    highest = probabilities.max(axis=1, keepdims=True, initial=SMALLEST_PROBABILITY)
    result = (probabilities / highest) ** power[:, None]  # the highest becomes 1, so nothing that counts underflows
    return result / result.sum(axis=1, keepdims=True)


def fit_temperature(
    probabilities: NDArray[np.float64], gold: NDArray[np.int_], weights: NDArray[np.float64] | None = None
) -> float:
    """Return the temperature with the least log loss.

    Args:
        probabilities: of rows that were not trained on, shape (n_rows, n_labels).
        gold: label of each row as a column index, shape (n_rows,).
        weights: what each row counts, shape (n_rows,); all alike by default.

    Returns:
        A number within `BOUNDS`, so that a few rows that are all right do not make a model certain; 1 without rows.
    """
    from scipy.optimize import minimize_scalar
    from scipy.special import logsumexp

    if len(gold) == 0:
        return 1.0
    logs = _log(probabilities)

    def loss(temperature: float) -> float:
        divided = logs / temperature
        losses = logsumexp(divided, axis=1) - divided[np.arange(len(gold)), gold]
        return float(np.average(losses, weights=weights))

    optimum = minimize_scalar(lambda x: loss(np.exp(x)), bounds=np.log(BOUNDS), method="bounded")
    # The search ends just short of a bound where the best lies on it.
    return min((1.0, round(float(np.exp(optimum.x)), 6), *BOUNDS), key=loss)


@dataclass(frozen=True, slots=True)
class BiasCorrection:
    """The logarithms of probabilities times `slope`, plus a bias a label.

    Source: bias-corrected temperature scaling, A. Alexandari, A. Kundaje, A. Shrikumar, ICML 2020. A label without a
    bias did not occur and gets probability zero.
    """

    slope: float
    bias: dict[str, float]

    def apply(self, probabilities: NDArray[np.float64], labels: Sequence[str]) -> NDArray[np.float64]:
        """Return calibrated probabilities of the same shape, (n_rows, n_labels)."""
        from scipy.special import softmax

        bias = np.array([self.bias.get(label, -np.inf) for label in labels])
        return softmax(self.slope * _log(probabilities) + bias, axis=1)


def fit_bias_correction(
    probabilities: NDArray[np.float64], gold: NDArray[np.int_], labels: Sequence[str]
) -> BiasCorrection:
    """Fit slope and biases by the log loss, with a normal prior of width one around slope one and biases zero.

    Args:
        probabilities: shape (n_rows, n_labels).
        gold: label of each row as a column index, shape (n_rows,).
        labels: the label scheme.
    """
    from scipy.optimize import minimize
    from scipy.special import softmax

    present = np.unique(gold)
    logs, target = _log(probabilities)[:, present], np.searchsorted(present, gold)
    rows = np.arange(len(gold))

    def loss(values: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        shares = softmax(values[0] * logs + values[1:], axis=1)
        error = shares.copy()
        error[rows, target] -= 1
        away = values - start
        gradient = np.concatenate([[(error * logs).sum()], error.sum(axis=0)]) + away
        return float(-_log(shares[rows, target]).sum() + (away**2).sum() / 2), gradient

    start = np.concatenate([[1.0], np.zeros(len(present))])
    bounds = [(0.05, None), *[(None, None)] * len(present)]
    optimum = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"gtol": 1e-8, "ftol": 1e-14}).x
    return BiasCorrection(
        float(optimum[0]), {labels[k]: float(value) for k, value in zip(present, optimum[1:], strict=True)}
    )


def _log(probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.log(np.clip(probabilities, SMALLEST_PROBABILITY, None))
