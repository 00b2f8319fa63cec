"""The templates that prompts are made from: Jinja files that ship, and a folder of one's own that goes before them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, DictLoader, StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from standpunt.errors import InputError
from standpunt.storage.paths import PROMPTS

LANGUAGES = ("nl", "en")
SUFFIX = ".jinja"
STANCE, OTHER = "stance", "label"  # of a turn on an issue; of any text by any labels
# What a template says: what is asked of the model at all, of one text, and once more after an answer that is none.
SYSTEM, QUESTION, AGAIN = "system", "question", "again"
BLOCKS = (SYSTEM, QUESTION, AGAIN)


class Templates:
    """Templates by name; they are rendered in a sandbox, since a model folder of another maker may hold some."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        """Set up.

        Args:
            sources: the text of each template, by file name; shipped ones stand in for those that are not there.
        """
        self.sources = {**_shipped(), **sources}
        self._environment = ImmutableSandboxedEnvironment(
            loader=ChoiceLoader([DictLoader(self.sources)]),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            autoescape=False,
        )
        for name in self.sources:
            self._template(name)

    @classmethod
    def read(cls, folder: str | None) -> Templates:
        """Read the templates of a folder, the shipped ones where it is None or lacks one.

        Raises:
            InputError: there is no such folder, no template in it, or one that cannot be used.
        """
        return cls({} if folder is None else _own(folder))

    @property
    def sha256(self) -> str:
        """The hash of all of them."""
        digest = hashlib.sha256()
        for name, text in sorted(self.sources.items()):
            digest.update(f"{name}\0{text}\0".encode())
        return digest.hexdigest()

    def render(self, kind: str, language: str, block: str, values: Mapping[str, Any]) -> str:
        """Return what a block of a template says, without white space around it.

        Args:
            kind: `STANCE` or `OTHER`.
            language: one of `LANGUAGES`.
            block: one of `BLOCKS`.
            values: what the template names.

        Raises:
            InputError: the template names something else, or fails.
        """
        name = f"{kind}.{language}{SUFFIX}"
        template = self._template(name)
        try:
            return "".join(template.blocks[block](template.new_context(dict(values)))).strip()
        except (TemplateError, TypeError, ValueError, ArithmeticError) as error:
            raise InputError(f"template {name}, block {block}: {error}; see docs/llm.md for what it is given") from None

    def _template(self, name: str) -> Any:
        try:
            template = self._environment.get_template(name)
        except TemplateSyntaxError as error:
            raise InputError(f"template {name}, line {error.lineno}: {error.message}") from None
        missing = [block for block in BLOCKS if block not in template.blocks]
        if missing:
            raise InputError(f"template {name}: it has no block {' and no block '.join(missing)}; see docs/llm.md")
        return template


def templates_sha256(folder: str | None) -> str:
    """Return the hash of the templates of a folder, see `Templates.read`."""
    return Templates.read(folder).sha256


@cache
def _shipped() -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(PROMPTS.glob(f"*{SUFFIX}"))}


def _own(folder: str) -> dict[str, str]:
    place = Path(folder)
    try:
        own = {path.name: path.read_text(encoding="utf-8") for path in sorted(place.glob(f"*{SUFFIX}"))}
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{place}: a template cannot be read ({error})") from None
    if not own or not own.keys() <= _shipped().keys():
        found = f"it has {', '.join(own)}" if own else "there is none"
        raise InputError(f"{place}: {found}; expected templates among {', '.join(_shipped())}")
    return own
