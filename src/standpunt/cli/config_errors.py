"""What Hydra, OmegaConf and YAML raise about a configuration, as one sentence: where, what, and what is right."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from standpunt.errors import InputError, unknown_name
from standpunt.text.secrets import hidden

_PREFIX = "configuration: "
_UNKNOWN = re.compile(r"Could not override '(.*)'\.")
_DELETED = re.compile(r"Could not delete from config\. '(.+)' does not exist|Could not delete '(.+)'\. No match")
_TWICE = re.compile(
    r"^(\S+) appears more than once in the final defaults list|^Multiple values for (\S+)\. To override"
)
_AMBIGUOUS = "Ambiguous value for argument"

# Returns the settings that an experiment has, as nested mappings, and the names of the groups of configurations.
Settings = Callable[[], Mapping[str, Any]]


@contextmanager
def wording_errors(file: Path, overrides: Sequence[str], settings: Settings) -> Generator[None]:
    """Turn what is raised about a configuration into one sentence that names its place.

    Args:
        file: the file of the experiment.
        overrides: what was changed on the command line.
        settings: called to know which settings there are.

    Raises:
        InputError: something is wrong with the configuration.
    """
    from hydra.errors import HydraException
    from omegaconf.errors import OmegaConfBaseException
    from yaml import MarkedYAMLError

    from standpunt.experiment.config import config_error

    where = _Place(file, overrides)
    try:
        yield
    except HydraException as error:
        raise InputError(_sentence(error, where, settings)) from None
    except OmegaConfBaseException as error:
        raise where.error(str(config_error(error))) from None
    except InputError as error:
        raise where.error(str(error)) from None
    except MarkedYAMLError as error:
        if error.problem_mark is None:
            raise
        place = f"{error.problem_mark.name}, line {error.problem_mark.line + 1}"
        raise InputError(f"{place}: cannot be read as YAML; {error.problem}") from None
    except (FileExistsError, NotADirectoryError, PermissionError) as error:
        raise InputError(
            f"{error.filename}: run folders cannot be made there ({error.strerror}); set paths.runs to another folder"
        ) from None


class _Place:
    """Where a setting was given: the file of the experiment, or beside it what changed it on the command line."""

    def __init__(self, file: Path, overrides: Sequence[str]) -> None:
        relative = os.path.relpath(file)
        self._path, self.file = file, str(file) if relative.startswith("..") else relative
        self._overrides = {override.lstrip("+~").partition("=")[0]: override for override in overrides}

    def of(self, key: str) -> str:
        """Return the place of a setting, which may be given with one above it."""
        parts = key.split(".")
        for end in range(len(parts), 0, -1):
            override = self._overrides.get(".".join(parts[:end]))
            if override is not None:
                return self.override(override)
        return self.file

    def override(self, text: str) -> str:
        """Return the place of an override as it was given, but for what may be a key."""
        key, sign, value = text.partition("=")
        return f"{self.file} with {key + sign + hidden(key, value) or 'an empty setting'}"

    def added(self, key: str) -> str | None:
        """Return the override that adds a setting with +, None where none does."""
        override = self._overrides.get(key)
        return override if override is not None and override.startswith("+") else None

    def error(self, sentence: str) -> InputError:
        """Return the error for a sentence, with the place of the setting that it is about.

        A sentence that is not about the configuration gets a place where it names a setting of the command line, or its
        value.
        """
        said = sentence.removeprefix(_PREFIX)
        if "has no value" in said and not _has_defaults(self._path):
            example = "defaults: [config, override model: tfidf, _self_]"
            return InputError(f"{self.file}: it names no defaults; begin it with {example}")
        for key, override in sorted(self._overrides.items(), key=lambda pair: -len(pair[0])):
            value = override.partition("=")[2].strip("'\"[]")
            if _names(said, key) or (len(value) > 1 and f"'{value}'" in said):
                return InputError(f"{self.override(override)}: {said}")
        return InputError(f"{self.file}: {said}" if said != sentence else sentence)


def _names(sentence: str, key: str) -> bool:
    return re.search(rf"(?<![\w.]){re.escape(key)}(?![\w.]*\w)", sentence) is not None


def _has_defaults(file: Path) -> bool:
    import yaml

    try:
        return "defaults" in (yaml.safe_load(file.read_text(encoding="utf-8")) or {})
    except (OSError, ValueError, yaml.YAMLError, TypeError):
        return True


def _sentence(error: Exception, where: _Place, settings: Settings) -> str:
    from hydra.errors import MissingConfigException, OverrideParseException
    from omegaconf.errors import OmegaConfBaseException

    from standpunt.experiment.config import config_error

    text = str(error)
    lines = [line.strip() for line in text.splitlines() if line.strip()] or [type(error).__name__]
    if isinstance(error, OverrideParseException):
        return f"{where.override(error.override)}: {_grammar(error.override)}"
    if isinstance(error, MissingConfigException):
        return _missing(error, where, lines)
    if lines[0].startswith(_AMBIGUOUS):
        key = text.split("'")[1].partition("=")
        return (
            f"{where.of(key[0])}: {key[0]} has several values; to run them all add -m, for one list write "
            f"{key[0]}=[{key[2]}]"
        )
    twice = _TWICE.match(lines[0])
    if twice and (override := where.added(twice[1] or twice[2])):
        return f"{where.override(override)}: it is chosen already; to choose another, write {override.lstrip('+')}"
    unknown, deleted = _UNKNOWN.search(text), _DELETED.search(text)
    if unknown or deleted:
        key = unknown[1] if unknown else next(filter(None, deleted.groups())) if deleted else ""
        return f"{where.of(key)}: {_unknown(key, settings())}"
    cause = error.__cause__ or error.__context__
    if isinstance(cause, OmegaConfBaseException):
        return str(where.error(str(config_error(cause, key=_key_of(lines[0])))))
    if "must be a DictConfig" in text:
        return f"{where.file}: expected settings, e.g. name: mine; got a list"
    return f"{where.file}: {'; '.join(line.rstrip('.') for line in lines[:3])}"


def _grammar(override: str) -> str:
    """Say how an override is written."""
    key, sign, value = override.partition("=")
    if not sign:
        return f"expected a value, {key or 'KEY'}=VALUE"
    if not key.strip("+~ "):
        return "expected the name of a setting before the sign, KEY=VALUE"
    for opening, closing in ("[]", "{}", "()"):
        if value.count(opening) != value.count(closing):
            return f"{opening} and {closing} do not match in the value; put a text that has them between quotes"
    for quote in ("'", '"'):
        if override.count(quote) % 2:
            return f"a quote {quote} has no other one; put a text that has it between quotes of the other kind"
    return "cannot be read; put a value with spaces, brackets or other signs between quotes, KEY=\"'a value'\""


def _missing(error: Any, where: _Place, lines: Sequence[str]) -> str:
    """Say which file of a configuration is not there, and which are."""
    group, _, option = str(error.missing_cfg_file or "").rpartition("/")
    if not group or error.options is None:
        return f"{where.of(group)}: {'; '.join(line.rstrip('.') for line in lines[:2])}"
    given = f"; {group}= stands for {group}/NAME.yaml" if not option else ""
    return f"{where.of(group)}: {unknown_name(group, option, error.options)}{given}"


def _unknown(key: str, settings: Mapping[str, Any]) -> str:
    """Say that there is no such setting, with the nearest one or those that are beside it."""
    group, sign, package = key.partition("@")
    if sign:
        return f"nothing is chosen as {key}; add it with +{group}@{package}=..., if {package} is where it goes"
    if not key:
        return "expected the name of a setting before the sign, KEY=VALUE"
    parts, place = key.split("."), settings
    for depth, part in enumerate(parts):
        names = [str(name) for name in place]
        if part in names and isinstance(place[part], Mapping):
            place = place[part]
            continue
        close = get_close_matches(part, names, n=1, cutoff=0.6)
        if part not in names and close:
            return (
                f"unknown setting {key!r}: did you mean {'.'.join([*parts[:depth], close[0], *parts[depth + 1 :]])!r}?"
            )
        above = ".".join(parts[:depth])
        beside = f"{above} has" if above else "known are"
        return f"unknown setting {key!r}: {beside} {', '.join(sorted(names)) or 'none'}"
    return f"unknown setting {key!r}; choose it with +{key}=..."


def _key_of(line: str) -> str | None:
    """Return the key of the override that Hydra names in a line."""
    found = re.search(r"Error merging override \+*~*([^=\s]+)=", line)
    return found[1] if found else None
