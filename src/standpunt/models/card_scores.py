"""What a run measured of a model, as its card and model hubs show it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from standpunt.evaluation.condition import CONDITION, Condition
from standpunt.evaluation.scores import ACCURACY_AT_80

_ONE_MODEL = ("parts", "train_test")  # protocols under which one model is tested; the others train one for each fold
# What model hubs call a score, and by what name they show it.
_METRICS = {"macro_f1": ("f1", "macro-F1"), ACCURACY_AT_80: ("accuracy", "accuracy on the surest 80 %")}


@dataclass(frozen=True, slots=True)
class CardScores:
    """How well a model did on one set.

    Attributes:
        corpus: what the set is of.
        cells: of the table in the card, by column.
        values: the main scores, by name.
        task: what was classified, where a card is of several models.
        folds: whether these are scores of models with the same settings, a fold each, and not of the one itself.
    """

    corpus: str
    cells: Mapping[str, str]
    values: Mapping[str, float] = field(default_factory=dict)
    task: str | None = None
    folds: bool = False

    def result(self, task: str) -> dict[str, Any]:
        """Return it as an entry of a model index, as the metadata of model hubs has it."""
        return {
            "task": {"type": "text-classification", "name": self.task or task},
            "dataset": {"type": self.corpus, "name": self.cells["set"]},
            "metrics": [
                {"type": _METRICS[name][0], "name": _METRICS[name][1], "value": round(value, 4)}
                for name, value in self.values.items()
            ],
        }


def card_scores(metrics: Iterable[Mapping[str, Any]], task: str | None = None) -> list[CardScores]:
    """Return what the metrics of a run (see `standpunt.results.runs.Run.metrics`) say, a set each.

    Args:
        metrics: as the run wrote them.
        task: of the run, where the card is of several models.
    """
    return [_card_scores(record, task) for record in metrics]


def _card_scores(record: Mapping[str, Any], task: str | None) -> CardScores:
    condition = Condition(*(record[name] for name in CONDITION))
    overall = record["overall"]["scores"]
    macro, sides = overall["macro_f1"], overall.get("favor_against_f1")
    ceiling = (record.get("annotators") or {}).get("value")
    folds = condition.protocol not in _ONE_MODEL
    cells = {
        "set": condition.title + (f", {condition.protocol.replace('_', ' ')}" if folds else ""),
        "rows": f"{record['overall']['rows']}, {record['clusters']} {record['cluster']}s",
        "macro-F1": f"{_number(macro['value'])}{_interval(macro)}",
        **({} if sides is None else {"F1 of favor and against": _number(sides["value"])}),
        "accuracy at 80 %": _number(overall[ACCURACY_AT_80]["value"]),
        "ECE": _number(overall["ece"]["value"]),
        "one annotator against another": _number(ceiling),
    }
    values = {name: overall[name]["value"] for name in _METRICS if overall[name]["value"] is not None}
    return CardScores(condition.corpus, {"task": f"`{task}`", **cells} if task else cells, values, task, folds)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _interval(score: Mapping[str, float | None]) -> str:
    low, high = score["low"], score["high"]
    return "" if low is None or high is None else f" [{low:.2f}, {high:.2f}]"
