"""Issues: propositions a speaker can be for or against, read from YAML files by name or path."""

from __future__ import annotations

import hashlib
import json
import re
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
_SAFE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TEXTS = ("proposition", "definition", "pro", "con")
TO_WRITE = {"nl": "Nog te schrijven:", "en": "To be written:"}  # how a draft begins what is left to its editor
_FIELDS = {"name", *_TEXTS, "aliases", "border_cases"}
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_CODE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Issue:
    """A proposition with its definition and its two poles, each in one language or more, by code ("nl")."""

    name: str
    proposition: dict[str, str]
    definition: dict[str, str]
    pro: dict[str, str]
    con: dict[str, str]
    aliases: tuple[str, ...] = ()
    border_cases: tuple[str, ...] = ()

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages in which all of it is said, the first of the file first."""
        others = (self.definition, self.pro, self.con)
        return tuple(language for language in self.proposition if all(language in texts for texts in others))

    def language_for(self, *wanted: str) -> str:
        """Return the language in which the issue is read: the first of those wanted that it is defined in.

        Where it is defined in none of them it is Dutch, and where it is not defined in that, its first language.

        Args:
            wanted: languages, that of a text beside which it is read for one.
        """
        return next(language for language in (*wanted, LANGUAGE, *self.languages) if language in self.languages)

    def is_same(self, other: Issue) -> bool:
        """Tell whether another issue is the same proposition, in each language that both are in, one at least.

        Definition, poles and aliases may differ: they say more exactly what the proposition is about.
        """
        both = self.proposition.keys() & other.proposition.keys()
        return bool(both) and all(self.proposition[language] == other.proposition[language] for language in both)

    def said(self, language: str) -> str:
        """Return all that is said of it in a language, as one text: proposition, aliases, definition and poles."""
        own = (self.definition[language], self.pro[language], self.con[language])
        return " ".join((self.proposition[language], *self.aliases, *own))

    @property
    def unwritten(self) -> tuple[str, ...]:
        """What of it is still as `standpunt issues suggest` drafts it, to be written: definition, pro, con."""
        marks = tuple(TO_WRITE.values())
        parts = {"definition": self.definition, "pro": self.pro, "con": self.con}
        return tuple(name for name, texts in parts.items() if any(text.startswith(marks) for text in texts.values()))

    @property
    def sha256(self) -> str:
        """The hash of all that defines it; tables give its first twelve digits as the version of the issue."""
        return hashlib.sha256(json.dumps(self.record(), sort_keys=True).encode()).hexdigest()

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
        issue = _read(Path(name))
        shipped = shipped_issue(issue.name)
        if shipped is not None and not shipped.is_same(issue):
            said = next(iter(shipped.proposition.values()))
            raise InputError(
                f"{name}: the name {issue.name!r} is that of an issue that ships with the package ({said}); give this "
                "one another name"
            )
        return issue
    if name not in shipped_issues():
        raise unknown_name("issue", name, shipped_issues())
    return _read(ISSUES / f"{name}.yaml")


def shipped_issue(name: str) -> Issue | None:
    """Return the issue that ships under a name, if there is one."""
    return _read(ISSUES / f"{name}.yaml") if name in shipped_issues() else None


def load_issues(names: Iterable[str]) -> dict[str, Issue]:
    """Load several issues; the result is keyed by issue name, in the order given.

    Raises:
        InputError: as for `load_issue`, or two that differ have one name.
    """
    issues: dict[str, Issue] = {}
    places: dict[str, str] = {}
    for name in names:
        issue = load_issue(name)
        if issues.setdefault(issue.name, issue) != issue:
            raise InputError(f"{places[issue.name]} and {name}: two issues of the name {issue.name!r}; rename one")
        places.setdefault(issue.name, name)
    return issues


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
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except _DoubleKey as error:
        raise InputError(f"{path}, {error}") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # also a date that there is not
        place = getattr(error, "problem_mark", None)
        where = f", line {place.line + 1}" if place else ""
        raise InputError(
            f"{path}{where}: not valid YAML; expected an issue file such as those of standpunt/data/issues"
        ) from None
    issue = issue_from_record(data, str(path))
    if not _NAME.fullmatch(issue.name):
        raise InputError(
            f"{path}: the name is {issue.name!r}; expected letters without accents, digits and _, no digit first, "
            "such as no_fly_zone"
        )
    return issue


class _DoubleKey(yaml.YAMLError):
    """A mapping has a key twice; the YAML standard forbids it, and PyYAML keeps the last without a word."""


class _Loader(_SAFE):
    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        """Return a mapping, after looking for a key that it has twice."""
        first: dict[str, int] = {}
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                line = key.start_mark.line + 1
                if key.value in first:
                    raise _DoubleKey(
                        f"line {line}: {key.value!r} stands there a second time (first in line {first[key.value]}); "
                        "leave one of them out"
                    )
                first[key.value] = line
        return super().construct_mapping(node, deep)


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
    name = data.get("name")
    if name is None or name == "":
        raise InputError(f"{where}: field 'name' is missing; expected a short name such as no_fly_zone")
    if not _is_text(name):
        raise InputError(f"{where}: field 'name' is {_said(name)}; expected a short name such as no_fly_zone")
    texts = {}
    for field in _TEXTS:
        value = data.get(field)
        if not isinstance(value, dict) or not value or not all(map(_is_text, value.values())):
            raise InputError(
                f"{where}: field {field!r} must give a text in one language or more, each behind its code, such as "
                "nl: De veerponten moeten gratis worden."
            )
        for code in value:
            if not isinstance(code, str) or not _CODE.fullmatch(code):
                raise InputError(
                    f"{where}: field {field!r} has the key {_said(code)}; expected the code of a language, such as nl "
                    "or en"
                )
        texts[field] = {lang: " ".join(text.split()) for lang, text in value.items()}
        for lang in sorted(texts["proposition"].keys() - texts[field].keys()):
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
        name,
        texts["proposition"],
        texts["definition"],
        texts["pro"],
        texts["con"],
        lists["aliases"],
        lists["border_cases"],
    )


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _said(value: object) -> str:
    """Return what YAML made of something that was to be a text."""
    if isinstance(value, bool):
        return f"{str(value).lower()}, which YAML also makes of yes, no, on and off"
    if isinstance(value, int | float):
        return f"the number {value}"
    kind = {dict: "a mapping", list: "a list", str: repr(value)}.get(type(value))
    return kind or f"{value}, a {type(value).__name__}"
