"""Which model made a layer, with what it was told: the part of a layer's header that layers of people do not have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from standpunt.errors import LayerError

_OPTIONAL = ("version", "prompt", "settings", "probabilities")
_DIGITS = 4  # of a probability in a layer


@dataclass(frozen=True, slots=True)
class MadeBy:
    """The model that made a layer.

    Attributes:
        model: its name; of a language model, that on its server.
        family: of models, see `standpunt.models`.
        date: the day on which the layer was made, YYYY-MM-DD.
        standpunt: the version of this package.
        labels: the order of the probabilities of each answer.
        definitions: of each issue asked about, the first digits of the hash of its definition.
        version: the hash of the model; None for one that was never saved.
        prompt: of a language model, the hash of all that it was told about the debate.
        settings: of a language model, the hash of how it was asked.
        probabilities: what they are made of, where that was asked for; None where the layer has none.
        trained_on: the corpora that the model was trained on.
    """

    model: str
    family: str
    date: str
    standpunt: str
    labels: tuple[str, ...]
    definitions: Mapping[str, str] = field(default_factory=dict)
    version: str | None = None
    prompt: str | None = None
    settings: str | None = None
    probabilities: str | None = None
    trained_on: tuple[str, ...] = ()

    def record(self) -> dict[str, Any]:
        """Return it as plain data, without what is not known."""
        record = asdict(self) | {"labels": list(self.labels), "trained_on": list(self.trained_on)}
        return {name: value for name, value in record.items() if value is not None}

    def same_work(self, other: MadeBy) -> bool:
        """Tell whether two layers of one debate were made in the same way, whenever that was."""
        one, two = (replace(made, date="", standpunt="", probabilities=None) for made in (self, other))
        return one == two


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model said about one turn and one issue, whether it found a stance there or not.

    Attributes:
        turn: ordinal of the turn in the debate, from 1.
        issue: name of the issue.
        probabilities: in the order of `MadeBy.labels`; None where the model gave no answer.
    """

    turn: int
    issue: str
    probabilities: tuple[float, ...] | None

    def record(self) -> dict[str, Any]:
        """Return it as plain data."""
        given = None if self.probabilities is None else [round(value, _DIGITS) for value in self.probabilities]
        return {"turn": self.turn, "issue": self.issue, "p": given}


def read_made_by(data: object, where: str) -> MadeBy:
    """Read what `MadeBy.record` returned.

    Raises:
        LayerError: it is something else; `where` names the place.
    """
    known = [item.name for item in fields(MadeBy)]
    given: dict[str, Any] = data if isinstance(data, dict) else {"": None}
    fits = (
        set(given) <= {*known}
        and all(isinstance(given.get(name), str) for name in ("model", "family", "date", "standpunt"))
        and all(isinstance(given.get(name, ""), str) for name in _OPTIONAL)
        and all(_are_texts(given.get(name, [])) for name in ("labels", "trained_on"))
        and isinstance(given.get("definitions", {}), dict)
        and _are_texts([*given.get("definitions", {}).values()])
    )
    if not fits:
        raise LayerError(f"{where}: 'made_by' must tell of a model with {', '.join(known)}")
    values: dict[str, Any] = given | {name: tuple(given.get(name, ())) for name in ("labels", "trained_on")}
    return MadeBy(**values)


def read_answer(data: Mapping[str, Any], made_by: MadeBy | None, issues: tuple[str, ...], where: str) -> Answer:
    """Read what `Answer.record` returned.

    Raises:
        LayerError: it is something else, or the layer names no model; `where` names the place.
    """
    if made_by is None:
        raise LayerError(f"{where}: probabilities in a layer whose header names no model (made_by)")
    given, turn = data.get("p"), data.get("turn")
    numbers = isinstance(given, list) and all(type(value) in (int, float) and 0 <= value <= 1 for value in given)
    fits = given is None or (isinstance(given, list) and numbers and len(given) == len(made_by.labels))
    if set(data) != {"turn", "issue", "p"} or type(turn) is not int or data["issue"] not in issues or not fits:
        raise LayerError(
            f"{where}: expected turn, issue and p, a probability for each of {', '.join(made_by.labels)} or null"
        )
    return Answer(turn, data["issue"], None if given is None else tuple(map(float, given)))


def _are_texts(values: object) -> bool:
    return isinstance(values, list) and all(isinstance(value, str) for value in values)
