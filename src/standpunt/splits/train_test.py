"""Train on all rows of a corpus and test on other corpora alone."""

from __future__ import annotations

from collections.abc import Iterable

from standpunt.corpora.rows import Rows
from standpunt.splits.folds import Division
from standpunt.splits.protocol import Protocol
from standpunt.text.duplicates import Duplicates


class TrainTest(Protocol):
    """No fold: no row of the corpus is tested on. Of a corpus with parts, its part "train" is trained on."""

    @property
    def words(self) -> str:
        """Say what is trained on."""
        return "trained on all rows"

    @property
    def cluster(self) -> str:
        """The unit of the settings, a speaker by default."""
        return self.settings.unit

    def divide(self, rows: Rows, duplicates: Duplicates, seed: int) -> Iterable[Division]:
        """Return nothing; see `Protocol.divide`."""
        return ()
