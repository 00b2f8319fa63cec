"""Settings whose value may be a key by mistake: it is not repeated."""

from __future__ import annotations

import re

HIDDEN = "…"
_SETTING = re.compile(r"(key|secret|password|token|key_variable|base_url)$", re.IGNORECASE)
_HARMLESS = re.compile(r"null|true|false|[A-Z_][A-Z0-9_]*|https?://[\w.:-]+(/[\w./-]*)?")
_LINE = re.compile(r"^([ \t]*(?:- )?['\"]?([\w.]+)['\"]?:[ \t]+)(\S.*)$", re.MULTILINE)


def hidden(setting: str, value: str) -> str:
    """Return a value as it may be shown: as it is, unless it may be a key or an address with a password in it.

    Args:
        setting: by name, with or without those above it.
        value: as it was given.
    """
    return HIDDEN if _SETTING.search(setting) and not _HARMLESS.fullmatch(value.strip("'\"")) else value


def without_secrets(text: str) -> str:
    """Return settings in YAML with the values that may be keys hidden."""
    return _LINE.sub(lambda found: found[1] + hidden(found[2], found[3]), text)
