"""Divide whole speakers, debates, parties or issues at random into folds."""

from __future__ import annotations

from collections.abc import Iterator

from standpunt.corpora.rows import Rows
from standpunt.errors import InputError
from standpunt.splits.folds import Division
from standpunt.splits.protocol import Protocol, unit_values
from standpunt.text.duplicates import Duplicates


class RandomByGroup(Protocol):
    """`folds` folds, each tested on in turn, drawn by `seed` of the settings; together they cover every row once."""

    @property
    def words(self) -> str:
        """Name the unit."""
        return f"random folds of whole {self.settings.unit} groups"

    @property
    def held_out(self) -> str:
        """The unit."""
        return self.settings.unit

    def divide(self, rows: Rows, duplicates: Duplicates, seed: int) -> Iterator[Division]:
        """Yield a division for each fold; see `Protocol.divide`."""
        from sklearn.model_selection import GroupKFold

        settings = self.settings
        values = unit_values(rows, settings.unit)
        groups = len(set(values.tolist()))
        if groups < settings.folds:
            raise InputError(
                f"split random_by_group: {settings.folds} folds need as many of {settings.unit}; the corpus has "
                f"{groups}"
            )
        folds = GroupKFold(settings.folds, shuffle=True, random_state=settings.seed).split(values, groups=values)
        for number, (train, test) in enumerate(folds):
            yield Division(train, {f"fold {number}": test}, values=values)
