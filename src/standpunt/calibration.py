"""Temperature scaling: probabilities that can be taken at their word.

Source: C. Guo, G. Pleiss, Y. Sun, K. Weinberger, On Calibration of Modern Neural Networks, ICML 2017.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BOUNDS = (0.25, 8.0)
LEAST = 1e-12  # below this a probability is taken for this


def scaled(probabilities: NDArray[np.float64], temperature: float | NDArray[np.float64]) -> NDArray[np.float64]:
    """Divide the logarithms of probabilities by a temperature; the order of the labels stays.

    Args:
        probabilities: shape (n_rows, n_labels).
        temperature: above 1 for less certainty, below 1 for more; one, or one a row. The inverse of `t` is `1 / t`.

    Returns:
        Shape (n_rows, n_labels), rows summing to one; a label of probability 0 keeps it.
    """
    power = 1 / np.broadcast_to(np.asarray(temperature, dtype=float), (len(probabilities),))
    highest = probabilities.max(axis=1, keepdims=True, initial=LEAST)
    result = (probabilities / highest) ** power[:, None]  # the highest becomes 1, so nothing that counts underflows
    return result / result.sum(axis=1, keepdims=True)


def fit_temperature(probabilities: NDArray[np.float64], gold: NDArray[np.int_]) -> float:
    """Return the temperature with the least log loss.

    Args:
        probabilities: of rows that were not trained on, shape (n_rows, n_labels).
        gold: label of each row as a column index, shape (n_rows,).

    Returns:
        A number within `BOUNDS`, so that a few rows that are all right do not make a model certain; 1 without rows.
    """
    from scipy.optimize import minimize_scalar
    from scipy.special import logsumexp

    if len(gold) == 0:
        return 1.0
    logs = np.log(np.clip(probabilities, LEAST, None))

    def loss(log_temperature: float) -> float:
        divided = logs / np.exp(log_temperature)
        return float((logsumexp(divided, axis=1) - divided[np.arange(len(gold)), gold]).mean())

    found = minimize_scalar(loss, bounds=np.log(BOUNDS), method="bounded")
    return float(round(np.exp(found.x), 6)) if found.fun < loss(0.0) else 1.0
