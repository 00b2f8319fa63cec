"""What a table of predictions says of itself beside its rows: model, issues, options, version of the package, debates.

Parquet has it in its metadata, CSV and JSON Lines in a file beside them, `NAME.header.json`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from standpunt import __version__
from standpunt.annotation.issues import Issue, issue_from_record
from standpunt.debate import Debate
from standpunt.errors import InputError
from standpunt.prediction.columns import described

if TYPE_CHECKING:
    from standpunt.prediction.predictor import Predictor
    from standpunt.readers import TableOptions

KEY = "standpunt.predictions"  # in the metadata of a Parquet file
SUFFIX = ".header.json"
_BROKEN = "damaged; remove it to read the predictions without it"


@dataclass(frozen=True, slots=True)
class ModelNote:
    """The model that made predictions: its name, its hash (None where it was never saved), and where it lay."""

    name: str
    version: str | None
    family: str
    task: str
    corpora: tuple[str, ...]
    place: str | None


@dataclass(frozen=True, slots=True)
class DebateNote:
    """A debate that predictions are on: how to know it again, and the report as seen from the predictions' folder."""

    id: str
    title: str
    date: str | None
    sha256: str
    turns: int
    file: str | None
    table: dict[str, Any] | None = None  # how a table was read, where that was said: see `TableOptions`

    @classmethod
    def of(
        cls, debate: Debate, file: str | os.PathLike[str], beside: Path, table: TableOptions | None = None
    ) -> DebateNote:
        """Describe a debate.

        Args:
            debate: as read.
            file: its report.
            beside: the file that predictions go to.
            table: how it was read, for a table.
        """
        options = None if table is None else asdict(table)
        return cls(debate.id, debate.title, debate.date, debate.sha256, len(debate.turns), _way(file, beside), options)


@dataclass(frozen=True, slots=True)
class Header:
    """What a table of predictions says of itself.

    Attributes:
        standpunt: the version of the package.
        model: what answered.
        issues: the definitions of what was asked.
        language: of the debates.
        options: the other settings of the predictor.
        debates: what the rows are on, where that was noted.
    """

    standpunt: str
    model: ModelNote
    issues: tuple[Issue, ...]
    language: str
    options: dict[str, Any]
    debates: tuple[DebateNote, ...] = field(default=())

    @classmethod
    def of(
        cls, predictor: Predictor, beside: Path, issues: Iterable[str], debates: Iterable[DebateNote] = ()
    ) -> Header:
        """Describe what a predictor writes.

        Args:
            predictor: what answers.
            beside: the file that predictions go to; the ways to models begin in its folder.
            issues: the names of those that were asked about, of all that the predictor may ask.
            debates: what they are on.
        """
        model, saved = predictor.model, predictor.saved
        known = model.provenance
        note = ModelNote(
            model.config.name,
            model.seal,
            model.family,
            known.task,
            tuple(sorted(known.corpora)),
            _named(saved.model, beside) if saved else None,
        )
        asked, finder = {*issues}, saved.arguments if saved else None
        options = {
            "brought_up": predictor.brought_up,
            "min_confidence": predictor.min_confidence,
            "evidence": predictor.evidence,
            "drop_none": predictor.drop_none,
            "alone": predictor.alone,
            "anyway": predictor.anyway,
            "runtime": saved.runtime if saved else "torch",
            "arguments": _named(finder, beside) if finder else None,
        }
        defined = tuple(issue for issue in predictor.issues if issue.name in asked)
        return cls(__version__, note, defined, predictor.language, options, tuple(debates))

    def to_json(self, columns: Iterable[str], indent: int | None = None) -> str:
        """Return it as JSON, with what the columns of the table hold."""
        record = asdict(self) | {
            "issues": [{"version": issue.sha256} | issue.record() for issue in self.issues],
            "columns": described(columns),
        }
        return json.dumps(record, ensure_ascii=False, indent=indent)

    @classmethod
    def from_json(cls, text: str | bytes, where: str) -> Header:
        """Read what `to_json` wrote.

        Raises:
            InputError: it is something else; `where` names the file.
        """
        try:
            data = json.loads(text)
            data.pop("columns")
            made = data.pop("model")
            model = ModelNote(**made | {"corpora": tuple(made["corpora"])})
            issues = [{key: value for key, value in one.items() if key != "version"} for one in data.pop("issues")]
            debates = tuple(DebateNote(**one) for one in data.pop("debates"))
            return cls(
                **data, model=model, issues=tuple(issue_from_record(one, where) for one in issues), debates=debates
            )
        except (ValueError, TypeError, KeyError, AttributeError):
            raise InputError(f"{where}: {_BROKEN}") from None

    def debate(self, name: str) -> DebateNote | None:
        """Return what is noted of a debate, by its id."""
        return next((one for one in self.debates if one.id == name), None)


def header_file(path: str | os.PathLike[str]) -> Path:
    """Return the file beside a CSV or JSON Lines file that its header stands in."""
    return Path(f"{os.fspath(path)}{SUFFIX}")


def read_header(path: str | os.PathLike[str]) -> Header | None:
    """Return what a file of predictions says of itself; None where it says nothing, as older ones.

    Raises:
        InputError: what it says is damaged, or is about another table: the model is not that of the rows.
    """
    path = Path(path)
    if path.suffix == ".parquet":
        from pyarrow import parquet

        noted = (parquet.read_metadata(path).metadata or {}).get(KEY.encode())
        return None if noted is None else Header.from_json(noted, f"{path}, metadata {KEY}")
    beside = header_file(path)
    try:
        return Header.from_json(beside.read_bytes(), str(beside))
    except OSError:
        return None


def _named(folder: str, beside: Path) -> str:
    """Return the name of a model that ships, the way to another."""
    from standpunt.models.shipped import shipped_models
    from standpunt.storage.paths import MODELS

    way = Path(folder)
    return way.name if way.parent == MODELS.absolute() and way.name in shipped_models() else _way(folder, beside)


def _way(file: str | os.PathLike[str], beside: Path) -> str:
    """Return the way to a file from the folder of another, so that both can be moved together, as text."""
    try:
        way = Path(os.path.relpath(os.path.abspath(file), os.path.dirname(os.path.abspath(beside)))).as_posix()
    except ValueError:  # on another drive of Windows
        way = os.path.abspath(file)
    return way.encode("utf-8", "backslashreplace").decode("utf-8")  # a name may have bytes that are none
