"""`standpunt corpus`: corpora of one's own."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import click

from standpunt.cli.read import partial_option
from standpunt.errors import InputError, unknown_name
from standpunt.text.wording import counted


@click.group()
def corpus() -> None:
    """Make a corpus of debates to label, and to train on."""


@corpus.command()
@click.argument("folder")
@click.argument("given", nargs=-1, required=True, metavar="REPORT... ISSUE...")
@click.option(
    "--annotator",
    "annotators",
    multiple=True,
    default=("me",),
    show_default=True,
    help="Who will label; the name becomes part of file names. May be repeated.",
)
@click.option("--title", help="The title of the corpus; by default, the name of the folder.")
@click.option("--debate", "about", metavar="TEXT", help="For a report of several debates: a part of the title wanted.")
@click.option(
    "--date",
    "dates",
    multiple=True,
    metavar="YYYY-MM-DD",
    help="The day of a report that does not give it. Repeat it for each such report, in their order.",
)
@click.option(
    "--language",
    metavar="CODE",
    default="nl",  # as standpunt.annotation.issues.LANGUAGE, which is heavier to import
    show_default=True,
    help="The language of the reports.",
)
@click.option(
    "--no-text",
    is_flag=True,
    help="Leave the reports where they are, if you may not share them; set STANDPUNT_TRANSCRIPTS to that place.",
)
@partial_option
def new(
    folder: str,
    given: tuple[str, ...],
    annotators: tuple[str, ...],
    title: str | None,
    about: str | None,
    dates: tuple[str, ...],
    language: str,
    no_text: bool,
    partial: bool,
) -> None:
    """Make the folder of a corpus, with empty layers to fill.

    REPORT is the report of a debate in any format that `standpunt turns` reads. ISSUE is the YAML file of an issue of
    your own, or the name of an issue that comes with the package. Give at least one of each.

    The command makes FOLDER, with a folder for each debate. In it are the report, its description (source.json) and,
    for each annotator, a stance layer without labels. It prints the paths of the layers.
    """
    from standpunt.annotation.issues import load_issues
    from standpunt.corpora.new import new_corpus
    from standpunt.readers.inspection import warnings_of

    reports, names = _told_apart(given)
    issues = [load for name in names for load in load_issues([name]).values()]
    made = new_corpus(
        folder,
        reports,
        issues,
        list(dict.fromkeys(annotators)),
        title=title,
        about=about,
        dates=dates,
        language=language,
        partial=partial,
        with_text=not no_text,
    )
    for one in made:
        for warning in warnings_of(one.debate):
            click.echo(f"standpunt: {one.report}: {warning}; see standpunt check", err=True)
        for annotator in dict.fromkeys(annotators):
            click.echo(Path(folder, one.name, f"stance.{annotator}.jsonl"))
        others = sum(turn.speaker.role != "chair" for turn in one.debate.turns)
        click.echo(
            f"{one.name}: {one.debate.date}, {others} turns to label on {counted(len(issues), 'issue')}", err=True
        )
        if not (one.has_text or no_text):
            click.echo(
                f"{one.name}: the report needs the files beside it and was not copied; set STANDPUNT_TRANSCRIPTS to "
                f"{one.report.parent}",
                err=True,
            )


@corpus.command()
@click.argument("turns")
@click.option("--title", required=True, help="What the debate is about.")
@click.option("--date", required=True, metavar="YYYY-MM-DD", help="The day of the debate.")
@click.option("--language", metavar="CODE", default="nl", show_default=True, help="The language of the debate.")
@click.option(
    "--table", "tables", multiple=True, help="A table, or a folder of tables, in which every text must be found."
)
@click.option("--out", required=True, metavar="FOLDER", help="The folder of the debate in a corpus.")
def record(turns: str, title: str, date: str, language: str, tables: tuple[str, ...], out: str) -> None:
    """Describe a debate whose texts are rows of a table, in an order of its own.

    TURNS is JSON Lines, a turn a line in the order spoken, with turn (1, 2, ...), speaker, role, kind and text, and
    where they are known party and replies_to (the number of the turn that is answered).

    The command writes FOLDER/source.json. It has the order of the turns, who speaks, what kind of turn it is and which
    it answers, and of each text only a hash. Whoever has the table and names its place (STANDPUNT_TRANSCRIPTS) gets the
    debate back, in whatever order its rows are and whatever else is in it.
    """
    from standpunt.annotation.sources import SOURCE, Source
    from standpunt.annotation.standoff import check_texts
    from standpunt.corpora.transcripts import find_recorded
    from standpunt.readers.recorded import read_recorded

    debate = read_recorded(Path(turns), title=" ".join(title.split()), date=date)
    check_texts({"title": debate.title, "language": language}, turns)
    source = Source.from_debate(debate, title=debate.title, date=date, language=language, recorded=True)
    if tables:
        for table in tables:
            if not os.path.exists(table):
                raise InputError(f"{table}: no such file or folder; expected a table with the texts")
        find_recorded(source, [Path(table) for table in tables])
    folder = Path(out)
    if (folder / SOURCE).exists():
        raise InputError(f"{folder / SOURCE}: exists already; name another folder for --out, or remove it first")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{folder}: cannot be made ({error.strerror}); name another for --out") from None
    source.save(folder / SOURCE)
    click.echo(folder / SOURCE)
    click.echo(f"{len(source.turns)} turns of {title!r} ({date})", err=True)


def _told_apart(given: Sequence[str]) -> tuple[list[str], list[str]]:
    """Tell reports from issues: a report is a file, an issue is a YAML file or a name that ships.

    Raises:
        InputError: something is neither, or there is no report.
    """
    from standpunt.annotation.issues import shipped_issues

    known = shipped_issues()
    reports, issues = [], []
    for name in given:
        if name.endswith((".yaml", ".yml")) or (name in known and not os.path.isfile(name)):
            issues.append(name)
        elif os.path.isfile(name):
            reports.append(name)
        elif os.path.isdir(name):
            raise InputError(f"{name}: is a folder; expected the reports themselves")
        elif "." in name or "/" in name:
            raise InputError(f"{name}: no such file; expected a report")
        else:
            raise InputError(f"{name}: no such report, and {unknown_name('issue', name, known)}")
    if not reports:
        raise InputError(f"no report is given beside {', '.join(issues)}; name the file of one")
    return reports, issues
