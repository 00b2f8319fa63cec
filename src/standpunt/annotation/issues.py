"""Issues: propositions a speaker can be for or against, read from YAML files by name or path."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from standpunt.errors import InputError, unknown_name
from standpunt.storage.paths import ISSUES

LANGUAGES = ("nl", "en")
LANGUAGE = "nl"  # of texts that do not say theirs, and of what is read of an issue that is not defined in theirs
# Ten times as fast where PyYAML was built with libyaml, as its wheels are.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FIELDS = {"name", "proposition", "definition", "pro", "con", "aliases", "border_cases"}


@dataclass(frozen=True, slots=True)
class Issue:
    """A proposition with its definition and its two poles, each in Dutch ("nl") and English ("en")."""

    name: str
    proposition: dict[str, str]
    definition: dict[str, str]
    pro: dict[str, str]
    con: dict[str, str]
    aliases: tuple[str, ...] = ()
    border_cases: tuple[str, ...] = ()

    def language_for(self, language: str) -> str:
        """Return the language in which the issue is read beside a text: that of the text, if it is defined in it."""
        fields = (self.proposition, self.definition, self.pro, self.con)
        return language if all(language in texts for texts in fields) else LANGUAGE

    def said(self, language: str) -> str:
        """Return all that is said of it in a language, as one text: proposition, aliases, definition and poles."""
        own = (self.definition[language], self.pro[language], self.con[language])
        return " ".join((self.proposition[language], *self.aliases, *own))

    def record(self) -> dict[str, Any]:
        """Return the issue as plain data, as it is saved with a model."""
        return {
            "name": self.name,
            "proposition": dict(self.proposition),
            "definition": dict(self.definition),
            "pro": dict(self.pro),
            "con": dict(self.con),
            "aliases": list(self.aliases),
            "border_cases": list(self.border_cases),
        }


def shipped_issues() -> tuple[str, ...]:
    """Return the names of the issues that ship with the package."""
    return tuple(sorted(path.stem for path in ISSUES.glob("*.yaml")))


def is_issue_file(name: str) -> bool:
    """Tell whether an issue is given by the path of its file rather than by name."""
    return name.endswith((".yaml", ".yml")) or "/" in name


def load_issue(name: str) -> Issue:
    """Load an issue by name, or from a YAML file of one's own by path.

    Raises:
        InputError: there is no such issue, or its file is malformed.
    """
    if is_issue_file(name):
        return _read(Path(name))
    if name not in shipped_issues():
        raise unknown_name("issue", name, shipped_issues())
    return _read(ISSUES / f"{name}.yaml")


def load_issues(names: Iterable[str]) -> dict[str, Issue]:
    """Load several issues; the result is keyed by issue name, in the order given."""
    return {issue.name: issue for issue in map(load_issue, names)}


def _read(path: Path) -> Issue:
    try:
        state = path.stat()
        return _read_once(path, state.st_mtime_ns, state.st_size)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); expected an issue file") from None


@cache
def _read_once(path: Path, changed: int, size: int) -> Issue:
    """Read an issue file; what it holds is remembered while it does not change."""
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # also a date that there is not
        place = getattr(error, "problem_mark", None)
        where = f", line {place.line + 1}" if place else ""
        raise InputError(
            f"{path}{where}: not valid YAML; expected an issue file such as those of standpunt/data/issues"
        ) from None
    return issue_from_record(data, str(path))


def issue_from_record(data: object, where: str) -> Issue:
    """Build an issue from plain data, checking every field.

    Args:
        data: a mapping as `Issue.record` returns it.
        where: the file to name in errors.

    Raises:
        InputError: a field is missing, unknown, or of the wrong type.
    """
    if not isinstance(data, dict):
        raise InputError(f"{where}: expected a mapping with the fields {', '.join(sorted(_FIELDS))}")
    for field in data:
        if field not in _FIELDS:
            raise InputError(f"{where}: {unknown_name('field', str(field), _FIELDS)}")
    if not _is_text(data.get("name")):
        raise InputError(f"{where}: field 'name' is missing; expected a short name such as no_fly_zone")
    texts = {}
    for field in ("proposition", "definition", "pro", "con"):
        value = data.get(field)
        if not isinstance(value, dict) or not set(LANGUAGES) <= value.keys() or not all(map(_is_text, value.values())):
            raise InputError(
                f"{where}: field {field!r} must give a text in Dutch (nl) and English (en), and in any other language "
                "it names"
            )
        texts[field] = {str(lang): " ".join(text.split()) for lang, text in value.items()}
        for lang in texts["proposition"].keys() - texts[field].keys():
            raise InputError(
                f"{where}: the proposition is given in language {lang!r} and field {field!r} is not; add that, or "
                "leave the proposition in that language out"
            )
    lists = {}
    for field in ("aliases", "border_cases"):
        value = data.get(field) or []
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise InputError(f"{where}: field {field!r} must be a list of texts")
        lists[field] = tuple(value)
    return Issue(
        data["name"],
        texts["proposition"],
        texts["definition"],
        texts["pro"],
        texts["con"],
        lists["aliases"],
        lists["border_cases"],
    )


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())
