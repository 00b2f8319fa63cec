"""Models of the sentence tasks that answer by a word, and a debate to point them at."""

import numpy as np

from standpunt.models.combined.arguments import ArgumentModel
from standpunt.models.controls.majority import Majority, MajorityConfig
from standpunt.models.provenance import Provenance
from standpunt.tasks import PARTS, TASKS

TURN = (
    "Voorzitter. Er moet een no-flyzone boven Oekraïne komen. Want vliegtuigen boven Oekraïne zijn gevaarlijk. "
    "Want het is te duur. Dank u wel."
)


class ByWord(Majority):
    """Claims say "moet", premises "want"; costs are economic; a premise supports the claim nearest before it."""

    def _predict_proba(self, rows):
        return np.array([self._answer(row) for row in rows])

    def _answer(self, row):
        text = row["text"].lower()
        if self.provenance.task == "component":
            label = "claim" if "moet" in text else "premise" if "want" in text else "none"
        elif self.provenance.task == "frame":
            label = "economic" if "duur" in text else "security"
        else:
            label = "support" if row["distance"] < 0 else "none"
        sure = 0.8 if self.provenance.task != "link" else 0.9 + 0.01 * max(row["distance"], -20) / 2
        values = np.full(len(self.labels), (1 - sure) / (len(self.labels) - 1))
        values[self.labels.index(label)] = sure
        return values


def make_part(task):
    """Return a model of a sentence task, fitted so that it can be saved."""
    model = ByWord(MajorityConfig(), TASKS[task].labels, {}).fit([{"label": TASKS[task].labels[0]}])
    model.provenance = Provenance(task)
    return model


def make_argument_model():
    """Return an argument model of such parts."""
    return ArgumentModel(**{part: make_part(part) for part in PARTS})
