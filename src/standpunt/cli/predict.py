"""`standpunt predict`: a trained model applied to reports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from standpunt.cli.llm_costs import count_predictions, say_spending
from standpunt.cli.names import names_in
from standpunt.cli.output import check_delimiter, delimiter_option
from standpunt.cli.predict_given import model_and_files
from standpunt.cli.predict_notices import ALL, say_model, say_variants
from standpunt.cli.predict_writing import to_file, to_folder
from standpunt.cli.progress import working
from standpunt.cli.read import Reading, date_option, partial_option
from standpunt.errors import InputError

if TYPE_CHECKING:
    from standpunt.readers.tables.debates import As, TableOptions


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
    from standpunt.readers.finding import check_readable, find_reports, listed

    model, named = model_and_files(given, listed(files_from) if files_from else [])
    found = find_reports(named)
    files = found.files
    if found.folders:
        click.echo(found.sentence, err=True)
    names = None if issues is None else names_in(issues)
    if names == []:
        raise click.BadParameter("no issue is named; give e.g. no_fly_zone,frozen_assets", param_hint="--issues")
    from standpunt.prediction.destination import check_output, goes_to_folder

    in_folder = out is not None and goes_to_folder(out, files, named_folder=bool(found.folders))
    check_delimiter(delimiter, csv=out is not None and not in_folder and Path(out).suffix == ".csv")
    from standpunt.annotation.issues import LANGUAGE, is_issue_file
    from standpunt.prediction.checks import check_language
    from standpunt.prediction.description import Description
    from standpunt.prediction.texts import refuse_texts
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
    reading = Reading(partial, date, table)
    check_language(description.issues, description.language)
    say_variants(names or [])
    if dry_run or out is None:
        count_predictions(description, files, reading)
        return
    inputs = [*files, *filter(is_issue_file, names or [])]
    check_output(description, inputs, out, in_folder=in_folder, force=force)
    if in_folder:
        check_readable(files)
        if table is not None:
            raise InputError("--text-column, --column, --as, --encoding and --sheet are for one table; give one file")
        refuse_texts(files)
        spread = {"engine": engine, "workers": workers, "part_bytes": round(part_size * 1_000_000)}
        to_folder(description, files, out, reading, spread)
    else:
        to_file(description, files[0], out, reading, delimiter or ",")
    say_spending()
    if model not in given:
        say_model(model)


def _table_options(
    text_column: str | None, columns: tuple[str, ...], read_as: As | None, encoding: str | None, sheet: str | None
) -> TableOptions | None:
    """Return how a table is to be read; None where nothing is said of it."""
    if not (text_column or columns or read_as or encoding or sheet):
        return None
    from standpunt.readers.tables.columns import parse_columns
    from standpunt.readers.tables.debates import TableOptions

    return TableOptions(parse_columns(columns, text_column), encoding, sheet, read_as)
