"""What `standpunt predict` does once all is checked: read, classify and write, and say so."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from standpunt.cli.predict_notices import ALL, say_asked, say_asked_of_files, say_table, say_unknown, warn
from standpunt.cli.progress import file_progress, say, show, watching_models
from standpunt.cli.read import Reading
from standpunt.errors import InputError

if TYPE_CHECKING:
    from standpunt.prediction.description import Description
    from standpunt.readers.tables.columns import Columns
    from standpunt.storage.tables.table import Table


def to_file(description: Description, file: str, out: str, reading: Reading, delimiter: str) -> None:
    """Write predictions on a report or a table into a file.

    Raises:
        InputError: it cannot be read, or brings up no issue of the model.
    """
    from standpunt.readers.tables.debates import TableOptions, is_table

    say(f"reading {Path(file).name}")
    if not is_table(file, reading.table):
        _debates_to_file(description, file, out, reading, delimiter)
        return
    options = reading.table or TableOptions()
    table, columns, of_debates = options.open(file)
    say_table(file, table, columns, "debates" if of_debates else "texts that stand alone")
    if of_debates:
        _debates_to_file(description, file, out, replace(reading, table=options), delimiter)
    else:
        _texts_to_file(description, table, columns, out, reading, delimiter)


@watching_models()
def _debates_to_file(
    description: Description,
    file: str,
    out: str,
    reading: Reading,
    delimiter: str,
) -> None:
    from standpunt.readers.inspection import warnings_of

    debates = list(reading.debates(file))
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
    notes = [DebateNote.of(debate, file, Path(out), reading.table) for debate in debates]
    write_predictions(frame, out, delimiter, header=Header.of(predictor, Path(out), names, notes))
    click.echo(f"{len(frame)} rows ({frame['turn'].nunique()} turns): {out}", err=True)


@watching_models()
def _texts_to_file(
    description: Description,
    table: Table,
    columns: Columns,
    out: str,
    reading: Reading,
    delimiter: str,
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
    notes = notes_of(table, columns, reading.table, seen, Path(out))
    header = Header.of(predictor, Path(out), [issue.name for issue in asked], notes)
    with prediction_writer(out, delimiter, header=header) as add:
        for frame in predict_texts_of(predictor, table, columns, asked, seen.answered):
            add(frame.assign(date=frame["date"].fillna(reading.date)) if reading.date else frame)
            rows, done = rows + len(frame), done + CHUNK
            show(min(done, seen.texts), seen.texts)
    click.echo(f"{rows} rows ({seen.texts} texts): {out}", err=True)


def to_folder(
    description: Description,
    files: tuple[str, ...],
    out: str,
    reading: Reading,
    spread: dict[str, Any],
) -> None:
    """Write predictions on reports into a folder; `spread` says by what and in what pieces.

    Raises:
        InputError: a report cannot be read; those that can be are written.
    """
    from standpunt.prediction.files import predict_files

    say_unknown(description.unknown)
    if description.evidence or description.saved.runtime != "torch":  # which only a model that is loaded can tell
        from standpunt.prediction.predictor import Predictor

        say("loading the model")
        Predictor.described(description)
    with file_progress(len(files)) as advance:
        done_files = predict_files(
            description, files, out, partial=reading.partial, date=reading.date, progress=advance, **spread
        )
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
