"""A factor graph over the stances of related turns: inference by mean field, and learning of what a relation says.

The stance of a turn is a variable. What the turn says by itself is a factor of that variable, and each relation of two
turns is a factor of both. Such graphs for debates are those of C. Burfoot, S. Bird and T. Baldwin, Collective
Classification of Congressional Floor-Debate Transcripts (ACL 2011), and D. Sridhar et al., Joint Models of Disagreement
and Stance in Online Debate (ACL 2015).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from standpunt.evaluation.calibration import SMALLEST_PROBABILITY

if TYPE_CHECKING:
    from scipy.sparse import csr_array

STEPS = 12  # of mean field; the beliefs move by less than 1e-3 after these
_FLOOR = 1e-3  # a probability: what a turn says itself can be outweighed
_SHARPNESS = (0.05, 4.0)  # what the exponent of a turn's own probabilities is kept within


@dataclass(frozen=True, slots=True)
class Coupling:
    """What a relation says: how much the belief about one turn adds to the score of the other's label.

    It is the same for both sides, so that a proposition turned round gets the answers turned round.

    Attributes:
        same: favor of favor, and against of against.
        opposite: favor of against, and against of favor.
        neutral: neutral of neutral.
    """

    same: float = 0.0
    opposite: float = 0.0
    neutral: float = 0.0


@dataclass(frozen=True)
class FactorGraph:
    """What was learnt about a debate as a whole.

    Attributes:
        own: exponent of the probabilities that a turn has alone.
        couplings: by relation.
    """

    own: float
    couplings: Mapping[str, Coupling]

    @classmethod
    def silent(cls, relations: Sequence[str]) -> FactorGraph:
        """Return the graph in which relations say nothing: every turn keeps what it has alone."""
        return cls(1.0, {name: Coupling() for name in relations})

    def infer(
        self,
        alone: NDArray[np.float64],
        sides: tuple[int, int],
        related: Mapping[str, csr_array],
        addressed: NDArray[np.float64] | None = None,
    ) -> NDArray[np.float64]:
        """Return the beliefs about all turns together.

        A turn hears the mean belief about those it is related to, each weighed by the probability that it addresses the
        issue at all; together they count as one turn at most.

        Args:
            alone: probabilities of the stances of each turn by itself, shape (n_rows, n_stances), rows summing to one.
            sides: the columns of favor and against; all others are taken for neutral.
            related: matrices as `standpunt.models.collective.relations.related` gives them.
            addressed: probability that each turn addresses its issue, shape (n_rows,); 1 by default.

        Returns:
            Shape (n_rows, n_stances), rows summing to one.
        """
        from scipy.special import softmax

        weight = np.ones(len(alone)) if addressed is None else addressed
        means = [
            (_mean(related[name], weight), _matrix(coupling, sides, alone.shape[1]))
            for name, coupling in self.couplings.items()
        ]
        own = self.own * np.log(np.clip(alone, _FLOOR, None))
        beliefs = softmax(own, axis=1)
        for _ in range(STEPS):
            heard = sum(((mean @ beliefs) @ matrix for mean, matrix in means), np.zeros_like(own))
            beliefs = (beliefs + softmax(own + heard, axis=1)) / 2  # half a step, so that two turns do not swing
        return beliefs


def fit_factor_graph(
    alone: NDArray[np.float64],
    gold: NDArray[np.int_],
    sides: tuple[int, int],
    related: Mapping[str, csr_array],
    *,
    penalty: float,
    addressed: NDArray[np.float64] | None = None,
    class_weights: bool = False,
) -> FactorGraph:
    """Learn what relations say from turns with labels, by the log loss of the beliefs.

    Args:
        alone: probabilities of models that were not trained on these turns, shape (n_rows, n_stances).
        gold: the label of each row as a column, shape (n_rows,); -1 where it has none and is only a neighbour.
        sides: the columns of favor and against.
        related: as for `FactorGraph.infer`.
        penalty: of the squared couplings, beside the mean loss.
        addressed: as for `FactorGraph.infer`.
        class_weights: whether labels weigh the same together in the mean loss, however many rows each has.
    """
    from scipy.optimize import minimize

    names, known = list(related), np.flatnonzero(gold >= 0)
    if not len(known) or not any(matrix.nnz for matrix in related.values()):
        return FactorGraph.silent(names)
    start = _numbers(FactorGraph.silent(names))
    weight = 1 / np.bincount(gold[known])[gold[known]] if class_weights else np.ones(len(known))

    def loss(numbers: NDArray[np.float64]) -> float:
        beliefs = _graph(numbers, names).infer(alone, sides, related, addressed)
        right = np.clip(beliefs[known, gold[known]], SMALLEST_PROBABILITY, None)
        return float(-np.average(np.log(right), weights=weight) + penalty * ((numbers - start) ** 2).sum())

    bounds = [_SHARPNESS, *[(None, None)] * (len(start) - 1)]
    return _graph(minimize(loss, start, method="L-BFGS-B", bounds=bounds, options={"maxiter": 50}).x, names)


def _numbers(graph: FactorGraph) -> NDArray[np.float64]:
    return np.array([graph.own, *(number for coupling in graph.couplings.values() for number in astuple(coupling))])


def _graph(numbers: NDArray[np.float64], names: Sequence[str]) -> FactorGraph:
    threes = numbers[1:].reshape(len(names), 3)
    return FactorGraph(
        float(numbers[0]), {name: Coupling(*map(float, three)) for name, three in zip(names, threes, strict=True)}
    )


def _mean(matrix: csr_array, weight: NDArray[np.float64]) -> csr_array:
    """Return the matrix that takes the mean over related rows, each with its weight."""
    from scipy.sparse import diags_array

    weighed = matrix @ diags_array(weight)
    return (diags_array(1 / np.maximum(weighed.sum(axis=1), 1.0)) @ weighed).tocsr()


def _matrix(coupling: Coupling, sides: tuple[int, int], n: int) -> NDArray[np.float64]:
    """Return what a belief adds to the scores of a related turn, shape (n_stances, n_stances)."""
    matrix = np.diag(np.full(n, coupling.neutral))
    favor, against = sides
    matrix[favor, favor] = matrix[against, against] = coupling.same
    matrix[favor, against] = matrix[against, favor] = coupling.opposite
    return matrix
