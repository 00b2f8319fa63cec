"""k-shot: how much do a few labelled turns of an unseen issue help?"""

from __future__ import annotations

import numpy as np

from standpunt.corpora.rows import Rows, column
from standpunt.errors import InputError
from standpunt.splits.folds import Fold, divided
from standpunt.text.duplicates import Duplicates


def k_shot(
    rows: Rows, shots: int, pool: int, *, draw: int = 0, seed: int = 0, duplicates: Duplicates | None = None
) -> list[Fold]:
    """Hold out every issue in turn but for a few labelled turns, which are trained on.

    Of each issue, `pool` turns are set aside once; a draw takes `shots` of them, and those of a smaller number are
    among those of a larger. What is not set aside is tested on, so that all numbers of shots (0 included) and all draws
    are tested on the same rows. A turn that is tested on is not trained on under another issue.

    Args:
        rows: with the columns of `standpunt.corpora.rows.row`.
        shots: turns of the held-out issue that are trained on, at most `pool`.
        pool: turns set aside to draw from.
        draw: which draw from the pool; an experiment gives its seed.
        seed: of the choice of the pool.
        duplicates: over the rows, where it is known already.

    Returns:
        A fold for each issue that has turns left to test on, ordered by name. Turns nearly the same as one in the pool
        are on neither side.

    Raises:
        InputError: fewer than two issues, or no issue with more turns than the pool.
        LeakageError: a turn or a text is on both sides (a defect in this module, not in the data).
    """
    issues = np.array(column(rows, "issue"))
    names = sorted(set(issues.tolist()))
    if len(names) < 2:
        raise InputError(f"split k_shot: the corpus has only {names}; it needs two issues or more")
    turns = np.array([f"{debate}/{turn}" for debate, turn in zip(*_columns(rows, "debate", "turn"), strict=True)])
    duplicates = duplicates or Duplicates(column(rows, "text"))
    folds = []
    for name in names:
        of_issue = np.flatnonzero(issues == name)
        aside = np.random.default_rng([seed, names.index(name)]).permutation(of_issue)[:pool]
        test = of_issue[~duplicates.of(aside)[of_issue]]
        if len(of_issue) <= pool or not len(test):
            continue
        drawn = np.random.default_rng([seed, draw]).permutation(aside)[:shots]
        train = np.sort(np.concatenate([np.flatnonzero(issues != name), drawn]))
        folds.append(divided("k_shot", name, train, test, duplicates, values=turns))
    if not folds:
        raise InputError(f"split k_shot: no issue has more than {pool} turns; set split.pool to a smaller number")
    return folds


def _columns(rows: Rows, *names: str) -> list[list[str]]:
    return [column(rows, name) for name in names]
