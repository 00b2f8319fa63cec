"""`standpunt predict`: a trained model applied to reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from standpunt.cli.llm_costs import count_predictions, say_spending
from standpunt.cli.output import check_delimiter, delimiter_option
from standpunt.cli.predict_notices import (
    ALL,
    say_asked,
    say_asked_of_files,
    say_model,
    say_table,
    say_unknown,
    say_variants,
    warn,
)
from standpunt.cli.progress import say, show, watching_models, working
from standpunt.cli.read import date_option, partial_option
from standpunt.errors import InputError

if TYPE_CHECKING:
    from standpunt.prediction.description import Description
    from standpunt.readers.tables.columns import Columns
    from standpunt.readers.tables.debates import As, TableOptions
    from standpunt.storage.tables.table import Table


@click.command()
@click.argument("given", nargs=-1, metavar="[MODEL] FILES...")
@click.option(
    "--files-from",
    metavar="LIST",
    help="Also classify the files that this file names, one a line; - for standard input.",
)
@click.option(
    "--issues",
    help="Comma-separated issues, each a name or a YAML file, or all for all issues of the model. By default, those "
    "of the model's issues that the report itself brings up.",
)
@click.option(
    "--out",
    help="For one report, a file that ends in .csv, .jsonl or .parquet. For several, a folder of Parquet files.",
)
@click.option(
    "--dry-run",
    is_flag=True,
    help="Ask no language model and write nothing: count what would be asked, and say what it would cost.",
)
@click.option(
    "--force",
    is_flag=True,
    help="Replace the file if it exists. A file that is read is never replaced, nor one that a link leads to.",
)
@click.option("--drop-none", is_flag=True, help="Leave out the rows with the label none: no stance on the issue.")
@click.option(
    "--anyway",
    is_flag=True,
    help="Also answer what the model was not made for: if it has no label none, or was not trained on an issue and "
    "reads no propositions. A column anyway then says so of each row.",
)
@click.option(
    "--engine",
    type=click.Choice(("local", "ray")),
    default="local",
    help="Whether several files are classified on this machine or on a Ray cluster.",
)
@click.option(
    "--workers", type=click.IntRange(min=1), default=1, help="How many files are classified at the same time."
)
@click.option(
    "--part-size",
    type=click.FloatRange(min=0),
    default=1.0,
    show_default=True,
    metavar="MB",
    help="Gather small reports until they have this size, and write the rows of each such group as one Parquet file. 0 "
    "writes a file for each report.",
)
@click.option(
    "--runtime",
    type=click.Choice(("torch", "onnx")),
    default="torch",
    help="What runs the model. onnx runs a cross-encoder with 8-bit weights, which is faster on a CPU; the model is "
    "converted once.",
)
@click.option(
    "--min-confidence",
    type=click.FloatRange(0, 1),
    metavar="P",
    help="Write the label abstain where no label has a probability of at least P. The probabilities do not change.",
)
@click.option("--text", is_flag=True, help="Also write what is said in each turn.")
@click.option("--evidence", is_flag=True, help="Also say which part of the turn the answer rests on.")
@click.option(
    "--alone",
    is_flag=True,
    help="Read each turn by itself, also with a model that lets the turns of a debate on an issue hear one another.",
)
@click.option(
    "--arguments",
    metavar="MODELS",
    help="Also find the claims and premises that concern the issue, with this argument model (a folder or a name).",
)
@click.option(
    "--language",
    metavar="CODE",
    help="The language of the reports; nl by default. The issues must be defined in it.",
)
@click.option(
    "--text-column", metavar="NAME", help="The column of a table that holds the texts, if several or none look like it."
)
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="WHAT=NAME",
    help="A column of a table and what it holds: id, speaker, party, role, date, debate, title, order, kind or "
    "replies_to, as in party=fractie. No name takes none for it. May be repeated.",
)
@click.option(
    "--as",
    "read_as",
    type=click.Choice(("debate", "texts")),
    help="Read a table as debates, or as texts "
    "that stand alone. By default, a table whose rows say who speaks in which role is of debates.",
)
@click.option("--encoding", metavar="NAME", help="The encoding of a CSV or TSV file, if it is not to be found out.")
@click.option("--sheet", metavar="NAME", help="The sheet of an Excel file; by default, the first that holds anything.")
@delimiter_option
@partial_option
@date_option
@working("loading the model")
def predict(
    given: tuple[str, ...],
    files_from: str | None,
    issues: str | None,
    out: str | None,
    dry_run: bool,
    force: bool,
    drop_none: bool,
    anyway: bool,
    engine: str,
    workers: int,
    part_size: float,
    runtime: str,
    min_confidence: float | None,
    text: bool,
    evidence: bool,
    alone: bool,
    arguments: str | None,
    language: str | None,
    text_column: str | None,
    columns: tuple[str, ...],
    read_as: As | None,
    encoding: str | None,
    sheet: str | None,
    delimiter: str | None,
    partial: bool,
    date: str | None,
) -> None:
    """Tell which side each turn of a report takes on each issue.

    FILES are reports of debates, tables, or folders of reports: of a folder, the command takes the files that end in
    .txt, .xml or .pdf (or one of these and .gz), in its subfolders too. MODEL is the folder of a trained model, or the
    name of one that comes with the package. You can leave it out: the command then uses the best one whose encoder is
    on this machine (standpunt-nl-gemma, standpunt-nl-e5 or standpunt-nl), and says which and how often it is right.

    The command writes one row for each turn and issue, with the debate, its date, the speaker and party, the offsets
    into the file, whether the model was trained on the issue (knows_issue), a probability for each label (p_<label>)
    and the most probable label. model, model_version, issue_version and standpunt_version say what made the row. The
    rest, with the definitions of the issues and what each column holds, stands in the metadata of a Parquet file, and
    in OUT.header.json beside a CSV or JSON Lines file. trust
    says what the answers on the issue are good for (usable, hint, untrusted, unmeasured): the model was held against
    the labels of real debates, where it had measured_right of measured_of turns right. If you name no issues, the
    command asks about those that the report brings up, and tells you which they are. A model that reads a debate as a
    whole also says what it would call the turn by itself (label_alone). With --arguments, each row also
    has the claims and premises of the turn that concern the issue, with their frames and offsets. The most relevant
    comes first. They are a list of records, written as JSON in CSV.

    A table is CSV, TSV, JSON Lines, Parquet or Excel (.xlsx, with standpunt[excel]), known by the end of its name. The
    command finds out its encoding, its delimiter and its columns, and says so. If the rows say who speaks in which
    role, they are the turns of debates. Otherwise each text is read by itself, and the rows come in the order of the
    table. id, speaker, party, date, debate and replies_to are passed through.

    If you give several files, the command writes a folder of Parquet files, apart for each year
    (OUT/year=2025/part-....parquet). They have two more columns, file and date. pandas, pyarrow, DuckDB and datasets
    read the folder as one table. If the command was interrupted, give it again: a file that has its result in OUT is
    not done twice. If a file has changed since, its rows are replaced.
    """
    if out is None and not dry_run:
        raise click.MissingParameter(param_hint="'--out'", param_type="option")
    from standpunt.readers.finding import find_reports, listed

    model, named = _model_and_files(given, listed(files_from) if files_from else [])
    found = find_reports(named)
    files = found.files
    if found.folders:
        click.echo(found.sentence, err=True)
    names = None if issues is None else [name.strip() for name in issues.split(",") if name.strip()]
    if names == []:
        raise click.BadParameter("no issue is named; give e.g. no_fly_zone,frozen_assets", param_hint="--issues")
    to_folder = out is not None and _to_a_folder(out, files, named_folder=bool(found.folders))
    check_delimiter(delimiter, csv=out is not None and not to_folder and Path(out).suffix == ".csv")
    from standpunt.annotation.issues import LANGUAGE
    from standpunt.prediction.checks import check_language
    from standpunt.prediction.description import Description
    from standpunt.readers.dates import check_date

    # All that is cheap to check comes before a model is loaded.
    check_date(date)
    description = Description.of(
        model,
        None if names in (None, [ALL]) else names,
        brought_up=names is None,
        min_confidence=min_confidence,
        evidence=evidence,
        arguments=arguments,
        language=language or LANGUAGE,
        runtime=runtime,
        drop_none=drop_none,
        alone=alone,
        anyway=anyway,
        text=text,
    )
    table = _table_options(text_column, columns, read_as, encoding, sheet)
    check_language(description.issues, description.language)
    say_variants(names or [])
    if dry_run or out is None:
        count_predictions(description, files, partial=partial, date=date)
        return
    _check_destination(description, files, names or [], out, to_folder=to_folder, force=force)
    if to_folder:
        part_bytes = round(part_size * 1_000_000)
        spread = {"engine": engine, "workers": workers, "part_bytes": part_bytes}
        if table is not None:
            raise InputError("--text-column, --column, --as, --encoding and --sheet are for one table; give one file")
        _refuse_texts(files)
        _to_folder(description, files, out, spread, partial=partial, date=date)
    else:
        _one_file(description, files[0], out, table, delimiter=delimiter or ",", partial=partial, date=date)
    say_spending()
    if model not in given:
        say_model(model)


def _to_a_folder(out: str, files: Sequence[str], *, named_folder: bool) -> bool:
    """Tell whether rows go to a folder of files rather than to one file; those of a folder do, if it has one report.

    Raises:
        InputError: the name of neither is given.
    """
    from standpunt.prediction.output import check_suffix
    from standpunt.prediction.places import SUFFIXES

    path = Path(out)
    if len(files) == 1 and (path.suffix in SUFFIXES or not path.is_dir()) and (path.suffix or not named_folder):
        check_suffix(out)
        return False
    if path.suffix in SUFFIXES and not path.is_dir():
        raise InputError(f"{out}: {len(files)} files become a folder of Parquet files; give --out a folder's name")
    return True


def _model_and_files(given: tuple[str, ...], more: list[str]) -> tuple[str, list[str]]:
    """Return the model, named or by default, and the files and folders named on the command line and in a list."""
    from standpunt.models.shipped import default_model

    first, files = given[0] if given else None, [*given[1:], *more]
    if first is not None and _is_model(first, alone=not files):
        if not files:
            raise click.UsageError(f"{first} is a model; name the files to classify as well")
        return first, files
    if first is None and not files:
        raise click.UsageError("Missing argument 'FILES...': name reports, folders of them, or --files-from a list.")
    return default_model(), [*given, *more]


def _is_model(name: str, *, alone: bool) -> bool:
    """Tell whether a name is that of a model; one that is nothing else is taken for it where files are named too."""
    from standpunt.models.persistence import MANIFEST
    from standpunt.models.shipped import shipped_models
    from standpunt.readers.finding import find_reports

    path = Path(name)
    if name in shipped_models() or (path / MANIFEST).is_file():
        return True
    if path.is_file() or alone:
        return False
    try:
        return not (path.is_dir() and find_reports([name]).files)
    except InputError:  # no report in it: what is wrong with it as a model is told
        return True


def _check_destination(
    description: Description, files: Sequence[str], names: Sequence[str], out: str, *, to_folder: bool, force: bool
) -> None:
    """Refuse what cannot be read, and an output that must not be written."""
    from standpunt.annotation.issues import is_issue_file
    from standpunt.prediction.destination import check_file, check_folder
    from standpunt.prediction.folder import check_claim

    inputs = [*files, *filter(is_issue_file, names)]
    models = [place for place in (description.saved.model, description.saved.arguments) if place is not None]
    if not to_folder:
        check_file(out, inputs, models, force=force)
        return
    check_folder(out, inputs, models)
    check_claim(Path(out).absolute(), description)
    unreadable = [why for why in map(_unreadable, files) if why]
    if len(unreadable) == len(files):
        raise InputError(f"{unreadable[0]} ({len(files)} of {len(files)} files could not be read)")


def _unreadable(file: str) -> str | None:
    """Return why a file cannot be opened, None if it can."""
    try:
        with open(file, "rb"):
            return None
    except OSError as error:
        return f"{file}: cannot be read ({error.strerror}); expected the report of a debate"


def _refuse_texts(files: Sequence[str]) -> None:
    """Refuse, among several files, a table of texts that stand alone: its rows are those of no debate."""
    from standpunt.prediction.texts import table_of_texts

    for file in files:
        try:
            alone = table_of_texts(file) is not None
        except InputError:  # reading it will say what is wrong
            continue
        if alone:
            raise InputError(f"{file}: a table of texts that stand alone; give it by itself, with a file for --out")


def _table_options(
    text_column: str | None, columns: tuple[str, ...], read_as: As | None, encoding: str | None, sheet: str | None
) -> TableOptions | None:
    """Return how a table is to be read; None where nothing is said of it."""
    if not (text_column or columns or read_as or encoding or sheet):
        return None
    from standpunt.readers.tables.columns import parse_columns
    from standpunt.readers.tables.debates import TableOptions

    return TableOptions(parse_columns(columns, text_column), encoding, sheet, read_as)


def _one_file(
    description: Description,
    file: str,
    out: str,
    table: TableOptions | None,
    *,
    delimiter: str,
    partial: bool,
    date: str | None,
) -> None:
    from standpunt.prediction.texts import table_of_texts
    from standpunt.storage.tables.opening import has_table_name

    if table is None and not has_table_name(file):
        _to_file(description, file, out, None, delimiter=delimiter, partial=partial, date=date)
        return
    say(f"reading {Path(file).name}")
    texts = table_of_texts(file, table)
    if texts is None:
        from standpunt.readers.tables.columns import columns_of
        from standpunt.readers.tables.debates import TableOptions

        options = table or TableOptions()
        say_table(file, opened := options.open(Path(file)), columns_of(opened, options.columns), "debates")
        _to_file(description, file, out, options, delimiter=delimiter, partial=partial, date=date)
    else:
        say_table(file, *texts, "texts that stand alone")
        _texts_to_file(description, *texts, out, table, delimiter=delimiter, date=date)


@watching_models()
def _texts_to_file(
    description: Description,
    table: Table,
    columns: Columns,
    out: str,
    options: TableOptions | None,
    *,
    delimiter: str,
    date: str | None,
) -> None:
    from standpunt.prediction.header import Header
    from standpunt.prediction.output import prediction_writer
    from standpunt.prediction.predictor import Predictor
    from standpunt.prediction.texts import CHUNK, notes_of, predict_texts_of, survey

    description = replace(description, alone=True)
    seen = survey(table, columns)
    if seen.sentence:
        click.echo(f"standpunt: {table.path}: {seen.sentence}", err=True)
    asked = description.asked(seen.sample)
    if not asked:
        raise InputError(
            f"{table.path}: its texts bring up none of the {len(description.issues)} issues that the model knows; name "
            f"issues with --issues, or ask all with --issues {ALL}"
        )
    say("loading the model")
    predictor = Predictor.described(description)
    if description.brought_up:
        say_asked(description, {issue.name for issue in asked})
    say_unknown(predictor.unknown)
    say(f"classifying {table.path.name}")
    rows = done = 0
    notes = notes_of(table, columns, options, seen, Path(out))
    header = Header.of(predictor, Path(out), [issue.name for issue in asked], notes)
    with prediction_writer(out, delimiter, header=header) as add:
        for frame in predict_texts_of(predictor, table, columns, asked, seen.answered):
            add(frame.assign(date=frame["date"].fillna(date)) if date else frame)
            rows, done = rows + len(frame), done + CHUNK
            show(min(done, seen.texts), seen.texts)
    click.echo(f"{rows} rows ({seen.texts} texts): {out}", err=True)


@watching_models()
def _to_file(
    description: Description,
    file: str,
    out: str,
    table: TableOptions | None,
    *,
    delimiter: str,
    partial: bool,
    date: str | None,
) -> None:
    from standpunt.readers import read_debates
    from standpunt.readers.inspection import warnings_of

    say(f"reading {Path(file).name}")
    debates = list(read_debates(file, partial=partial, date=date, table=table))
    asked = [description.asked(debate) for debate in debates]
    names = {issue.name for issues in asked for issue in issues}
    if not names:
        raise InputError(
            f"{file}: it brings up none of the {len(description.issues)} issues that the model knows; name issues with "
            f"--issues, or ask all with --issues {ALL}"
        )
    import pandas as pd

    from standpunt.prediction.header import DebateNote, Header
    from standpunt.prediction.output import write_predictions
    from standpunt.prediction.predictor import Predictor

    say("loading the model")
    predictor = Predictor.described(description)
    say(f"classifying {Path(file).name}")
    for debate in debates:
        warn(file, warnings_of(debate))
    if description.brought_up:
        say_asked(description, names)
    say_unknown(predictor.unknown)
    frames = [predictor.on(debate, issues=issues) for debate, issues in zip(debates, asked, strict=True)]
    frame = pd.concat(frames, ignore_index=True)
    notes = [DebateNote.of(debate, file, Path(out), table) for debate in debates]
    write_predictions(frame, out, delimiter, header=Header.of(predictor, Path(out), names, notes))
    click.echo(f"{len(frame)} rows ({frame['turn'].nunique()} turns): {out}", err=True)


def _to_folder(
    description: Description,
    files: tuple[str, ...],
    out: str,
    spread: dict[str, Any],
    *,
    partial: bool,
    date: str | None,
) -> None:
    from standpunt.cli.progress import file_progress
    from standpunt.prediction.files import predict_files

    say_unknown(description.unknown)
    if description.evidence or description.saved.runtime != "torch":  # which only a model that is loaded can tell
        from standpunt.prediction.predictor import Predictor

        say("loading the model")
        Predictor.described(description)
    with file_progress(len(files)) as advance:
        done_files = predict_files(description, files, out, partial=partial, date=date, progress=advance, **spread)
    for done in done_files:
        warn(done.file, done.warnings)
    failed = [done for done in done_files if done.error]
    for done in failed[:-1]:
        click.echo(f"standpunt: {done.error}", err=True)
    if description.brought_up and len(failed) < len(done_files):
        say_asked_of_files(description, [done for done in done_files if not done.error])
    rows = sum(done.rows for done in done_files)
    done_now = f"{rows} rows of {len(done_files) - len(failed)} files"
    click.echo(f"{done_now if done_files else 'nothing to do, all files were done before'}: {out}", err=True)
    if failed:
        raise InputError(f"{failed[-1].error} ({len(failed)} of {len(done_files)} files could not be read)")
