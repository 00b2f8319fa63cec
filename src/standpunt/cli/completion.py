"""What a shell completes on the command line of `standpunt run`: experiments, groups, options, settings, values."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem, get_completion_class, shell_complete

from standpunt.cli.plan import CONFIG_NAME, locate, options_of, settings_of
from standpunt.errors import StandpuntError
from standpunt.storage.paths import experiments_dir

if TYPE_CHECKING:
    from click.core import Context, Parameter

PROGRAM = "standpunt"
VARIABLE = "_STANDPUNT_COMPLETE"
SHELLS = ("bash", "zsh", "fish")
_SIGNS = "+~"


def answer_shell(cli: click.Command) -> None:
    """Answer a shell that asks what it can complete, and end; do nothing where none asks."""
    asked = os.environ.get(VARIABLE)
    if asked:
        sys.exit(shell_complete(cli, {}, PROGRAM, VARIABLE, asked))


def install_script(context: Context, _: Parameter, value: str | None) -> None:
    """Print what a shell evaluates to complete our command lines, as Hydra's programs do for `-sc install=SHELL`."""
    if value is None or context.resilient_parsing:
        return
    shell = value.removeprefix("install=")
    found = get_completion_class(shell) if shell in SHELLS else None
    if found is None:
        raise click.BadParameter(f"expected install=SHELL, with one of {', '.join(SHELLS)}")
    click.echo(found(context.find_root().command, {}, PROGRAM, VARIABLE).source())
    context.exit()


def complete_experiment(_: Context, __: Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the experiments that ship and begin so, and files, which the shell completes itself."""
    names = sorted(path.parent.name for path in experiments_dir().glob(f"*/{CONFIG_NAME}.yaml"))
    found = [CompletionItem(name) for name in names if name.startswith(incomplete)]
    return found or [CompletionItem(incomplete, type="file")]


def complete_override(context: Context, _: Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the groups, their options, and the settings that an override can begin so."""
    before = context.params.get("overrides") or ()
    # bash takes the sign for a word of its own, and click leaves it out where the cursor is behind it.
    if not incomplete and before and os.environ.get("COMP_WORDS", "").endswith("="):
        word, whole = f"{before[-1]}=", False
    elif len(before) > 1 and before[-1] == "=":
        word, whole = f"{before[-2]}={incomplete}", False
    else:
        word, whole = incomplete, True
    try:
        found = _completed(str(context.params.get("experiment")), word)
    except StandpuntError:
        return []
    return [CompletionItem(one if whole else one.partition("=")[2]) for one in found]


def _completed(experiment: str, word: str) -> list[str]:
    """Return what an override of an experiment can be that begins with a word.

    Raises:
        InputError: there is no such experiment.
    """
    folder, name = locate(experiment)
    loader = options_of(folder)
    start = word.lstrip(_SIGNS)
    sign = word.removesuffix(start)
    key, equals, value = start.partition("=")
    if not equals:
        known = [*_groups(loader), *_settings(settings_of(folder, name))]
        return [f"{sign}{one}=" for one in dict.fromkeys(known) if one.startswith(key)]
    *chosen, last = value.split(",")
    before = "".join(f"{one}," for one in chosen)
    return [f"{sign}{key}={before}{one}" for one in loader.get_group_options(key) if one.startswith(last)]


def _groups(loader: Any, above: str = "") -> list[str]:
    """Return the groups that have options, those within groups too."""
    from hydra.core.object_type import ObjectType

    found = []
    for name in loader.get_group_options(above, ObjectType.GROUP):
        group = f"{above}/{name}" if above else name
        if loader.get_group_options(group):
            found.append(group)
        found += _groups(loader, group)
    return found


def _settings(settings: Mapping[str, Any], above: str = "") -> list[str]:
    """Return the dotted names of nested settings, Hydra's own apart."""
    found = []
    for key, value in settings.items():
        if above or key != "hydra":
            found += _settings(value, f"{above}{key}.") if isinstance(value, Mapping) and value else [f"{above}{key}"]
    return found
