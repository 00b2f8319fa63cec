"""corpus.yaml, the card of a corpus: its title, whether it is synthetic, and which debates are for what."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from standpunt.errors import InputError

CARD = "corpus.yaml"


def read_card(folder: Path) -> dict[str, Any]:
    """Return what the card of a corpus says.

    Raises:
        InputError: it cannot be read, or lacks what every card has.
    """
    try:
        card = yaml.safe_load((folder / CARD).read_text(encoding="utf-8"))
        str(card["title"]), bool(card["synthetic"]), divided(card)
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError, ValueError):  # also a date that there is not
        raise InputError(
            f"{folder / CARD}: expected a mapping with 'title' and 'synthetic', and where it divides the debates, "
            "'parts' with lists of them"
        ) from None
    return card


def divided(card: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the debates that a card divides, each with its part, as it lists them."""
    return [(str(debate), str(part)) for part, debates in (card.get("parts") or {}).items() for debate in debates]


def write_card(folder: Path, card: Mapping[str, Any]) -> None:
    """Write the card of a corpus."""
    text = yaml.safe_dump({**card}, sort_keys=False, allow_unicode=True)
    (folder / CARD).write_text(text, encoding="utf-8")
