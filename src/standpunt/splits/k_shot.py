"""k-shot: how much do a few labelled turns of an unseen issue help?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from standpunt.corpora.rows import Rows, column
from standpunt.errors import InputError
from standpunt.splits.folds import Division
from standpunt.splits.protocol import Protocol
from standpunt.text.duplicates import Duplicates


class KShot(Protocol):
    """Hold out every issue in turn but for a few labelled turns, which are trained on.

    Of each issue, `pool` turns are set aside once, by the seed of the settings; the experiment's seed draws `shots` of
    them, and those of a smaller number are among those of a larger. What is not set aside is tested on, so that all
    numbers of shots (0 included) and all draws are tested on the same rows. Turns nearly the same as one in the pool
    are on neither side, and a turn that is tested on is not trained on under another issue. Issues with no more turns
    than the pool are not tested on.
    """

    @property
    def words(self) -> str:
        """Name the protocol."""
        return "k-shot by issue"

    @property
    def held_out(self) -> str:
        """The issue."""
        return "issue"

    @property
    def kept_apart(self) -> None:
        """None: the shots are of the issue."""
        return

    def divide(self, rows: Rows, duplicates: Duplicates, seed: int) -> Iterator[Division]:
        """Yield a division for each issue; see `Protocol.divide`."""
        pool, shots = self.settings.pool, self.settings.shots
        issues = np.array(column(rows, "issue"))
        names = sorted(set(issues.tolist()))
        if len(names) < 2:
            raise InputError(f"split k_shot: the corpus has only {names}; it needs two issues or more")
        debates, turns = (column(rows, name) for name in ("debate", "turn"))
        keys = np.array([f"{debate}/{turn}" for debate, turn in zip(debates, turns, strict=True)])
        tested = 0
        for number, name in enumerate(names):
            of_issue = np.flatnonzero(issues == name)
            aside = np.random.default_rng([self.settings.seed, number]).permutation(of_issue)[:pool]
            test = of_issue[~duplicates.like(aside)[of_issue]]
            if len(of_issue) <= pool or not len(test):
                continue
            tested += 1
            drawn = np.random.default_rng([self.settings.seed, seed]).permutation(aside)[:shots]
            train = np.sort(np.concatenate([np.flatnonzero(issues != name), drawn]))
            yield Division(train, {name: test}, values=keys)
        if not tested:
            raise InputError(f"split k_shot: no issue has more than {pool} turns; set split.pool to a smaller number")
