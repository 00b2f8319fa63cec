"""A corpus copied to a folder of one's own, so that layers can be added to what ships with the package."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from standpunt.annotation.sources import SOURCE, Source
from standpunt.corpora.card import CARD, read_card, write_card
from standpunt.corpora.corpus import ISSUES, corpus_folder, debate_folders
from standpunt.errors import InputError, unknown_name
from standpunt.storage.files import atomic_folder
from standpunt.storage.paths import CORPORA


def ships(folder: Path) -> bool:
    """Tell whether a corpus is one of those that ship with the package."""
    return folder.resolve().parent == CORPORA.resolve()


def debates_named(folder: Path, names: Sequence[str]) -> list[Path]:
    """Return the folders of the debates of a corpus that are named, or of all where none is.

    Raises:
        InputError: there is no debate of that name.
    """
    folders = {place.name: place for place in debate_folders(folder)}
    for name in names:
        if name not in folders:
            raise unknown_name(f"debate of corpus {folder.name}", name, folders)
    return [place for name, place in folders.items() if not names or name in names]


def copied(corpus: str, out: str | os.PathLike[str], debates: Sequence[str] = ()) -> Path:
    """Copy a corpus, with its layers and the texts that it has; a copy that is there already is taken as it is.

    Args:
        corpus: by name or path.
        out: the folder of the copy.
        debates: which debates; by default all.

    Returns:
        The folder of the copy.

    Raises:
        InputError: there is no such corpus or debate, or `out` holds something else.
        StandpuntError: writing failed; nothing is left behind.
    """
    folder, place = corpus_folder(corpus), Path(out)
    chosen = debates_named(folder, debates)
    if place.is_dir() and any(place.iterdir()):
        _check_copy(place, chosen)
        return place
    with atomic_folder(place) as target:
        for one in chosen:
            shutil.copytree(one, target / one.name)
        if (folder / ISSUES).is_dir():
            shutil.copytree(folder / ISSUES, target / ISSUES)
        card = read_card(folder)
        if card.get("parts"):
            kept = {one.name for one in chosen}
            card["parts"] = {part: [name for name in names if name in kept] for part, names in card["parts"].items()}
        write_card(target, card)
    return place


def _check_copy(place: Path, debates: Sequence[Path]) -> None:
    """Make sure that a folder has these debates, of the same text."""
    for one in debates:
        there = place / one.name / SOURCE
        if not (place / CARD).is_file() or not there.is_file():
            raise InputError(f"{place}: is there already and is no copy of {one.parent.name} with {one.name}")
        if Source.load(there).sha256 != Source.load(one / SOURCE).sha256:
            raise InputError(f"{place}: is there already, and its {one.name} is another text than in {one.parent.name}")
