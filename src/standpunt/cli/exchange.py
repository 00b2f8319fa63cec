"""`standpunt export` and `standpunt import`: annotation layers in the formats of other tools."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from standpunt.cli.names import names_in
from standpunt.cli.progress import watching_models, working
from standpunt.errors import InputError

if TYPE_CHECKING:
    from standpunt.exchange.annotations import Annotations

out_option = click.option("--out", required=True, help="The folder to make; it must not exist.")
transcript_option = click.option(
    "--transcript", help="The transcript, or a folder that contains it [STANDPUNT_TRANSCRIPTS]."
)
into_option = click.option(
    "--out",
    help="The folder to make; it must not exist. Without it, --update changes the layers of the debate itself.",
)
delimiter_option = click.option(
    "--delimiter",
    type=click.Choice((",", ";")),
    default=",",
    show_default=True,
    help="The sign between cells of CSV. Excel expects a semicolon where the decimal sign is a comma.",
)
debate_option = click.option(
    "--debate", required=True, help="The folder of the debate, with source.json and, if it is there, the text."
)
update_option = click.option(
    "--update",
    is_flag=True,
    help="Update the layers of the debate; labels that the import does not mention are kept.",
)


@click.group()
def export() -> None:
    """Export labels to an annotation tool or a spreadsheet."""


@export.command("label-studio")
@click.argument("folder")
@out_option
@transcript_option
@click.option(
    "--issues", help="Comma-separated issues (names or YAML files) to label in addition to those of the layers."
)
@click.option("--model", help="The folder of a model; its predictions are exported too.")
def to_label_studio(folder: str, out: str, transcript: str | None, issues: str | None, model: str | None) -> None:
    """Export to Label Studio.

    FOLDER is the folder of a debate. The command writes tasks.json, with one task for each turn, and config.xml, the
    labelling interface. A model without the label "none" cannot tell whether a turn addresses an issue; it therefore
    predicts only for pairs of turn and issue that some layer labels.
    """
    from dataclasses import replace

    from standpunt.annotation.issues import load_issue
    from standpunt.exchange.annotations import definitions, load_annotations, refuse_existing
    from standpunt.exchange.label_studio import export_label_studio

    refuse_existing(out)
    annotations = load_annotations(folder, transcript)
    wanted = names_in(issues or "")
    own = definitions(Path(folder), wanted)
    # An issue that nothing defines is a mistake here: there is no layer that could have brought it.
    added = [own.get(name) or load_issue(name) for name in wanted]
    more = [issue.name for issue in added]
    known = {**annotations.definitions, **{issue.name: issue for issue in added}}
    annotations = replace(annotations, definitions=known)
    predictions = _predictions(annotations, [*annotations.issues, *more], model) if model else None
    export_label_studio(annotations, out, issues=more, predictions=predictions)
    _done(annotations, out)


@export.command("cas")
@click.argument("folder")
@out_option
@transcript_option
def to_cas(folder: str, out: str, transcript: str | None) -> None:
    """Export to INCEpTION and other UIMA tools (CAS XMI).

    FOLDER is the folder of a debate. The command writes one file for each annotator, and TypeSystem.xml.
    """
    from standpunt.exchange.annotations import load_annotations, refuse_existing
    from standpunt.exchange.cas import export_cas

    refuse_existing(out)
    annotations = load_annotations(folder, transcript)
    export_cas(annotations, out)
    _done(annotations, out)


@export.command("csv")
@click.argument("folder")
@out_option
@transcript_option
@delimiter_option
def to_csv(folder: str, out: str, transcript: str | None, delimiter: str) -> None:
    """Export to spreadsheets.

    FOLDER is the folder of a debate. The command writes stance.csv, arguments.csv and layers.csv.
    """
    from standpunt.exchange.annotations import load_annotations, refuse_existing
    from standpunt.exchange.sheets import export_sheets

    refuse_existing(out)
    annotations = load_annotations(folder, transcript)
    export_sheets(annotations, out, delimiter=delimiter)
    _done(annotations, out)


@export.command("datasets")
@click.argument("folder")
@out_option
@transcript_option
def to_datasets(folder: str, out: str, transcript: str | None) -> None:
    """Export to a folder that datasets.load_dataset opens.

    FOLDER is the folder of a debate, or the name or folder of a corpus.
    """
    from standpunt.annotation.sources import SOURCE
    from standpunt.corpora.corpus import corpus_folder, debate_folders
    from standpunt.exchange.annotations import load_annotations, refuse_existing
    from standpunt.exchange.data_set import export_data_set

    refuse_existing(out)
    place = Path(folder)
    single = (place / SOURCE).is_file()
    corpus = place.absolute().parent if single else corpus_folder(folder)
    folders = [place] if single else debate_folders(corpus)
    if not folders:
        raise InputError(f"{corpus}: no debate in it; expected folders with {SOURCE}")
    debates = [load_annotations(path, transcript, only=len(folders) == 1) for path in folders]
    card = _corpus_card(corpus)
    title = debates[0].source.title if single else str(card.get("title", corpus.name))
    export_data_set(
        debates, out, title=title, licence=card.get("license"), synthetic=bool(card.get("synthetic", False))
    )
    click.echo(f"{len(debates)} {'debates' if len(debates) > 1 else 'debate'}: {out}", err=True)


def _corpus_card(corpus: Path) -> dict[str, Any]:
    """Return what corpus.yaml says, nothing where there is none."""
    import yaml

    try:
        card = yaml.safe_load((corpus / "corpus.yaml").read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError, ValueError):
        return {}
    return card if isinstance(card, dict) else {}


@click.group("import")
def import_() -> None:
    """Import labels from an annotation tool or a spreadsheet."""


@import_.command("label-studio")
@click.argument("file")
@debate_option
@into_option
@update_option
@transcript_option
@click.option(
    "--who",
    multiple=True,
    metavar="ID=NAME",
    help="The name of the annotator who has this number or e-mail address in Label Studio. May be repeated.",
)
def from_label_studio(
    file: str, debate: str, out: str | None, update: bool, transcript: str | None, who: tuple[str, ...]
) -> None:
    """Import from Label Studio.

    FILE is a JSON export. The command writes the layers and source.json to a new folder.
    """
    from standpunt.exchange.label_studio_import import import_label_studio

    pairs = [pair.partition("=") for pair in who]
    if not all(key and name for key, _, name in pairs):
        raise click.BadParameter("expected a number or address and a name, e.g. 3=jan", param_hint="--who")
    people = {key: name for key, _, name in pairs}
    _import(file, debate, transcript, out, update, lambda base: import_label_studio(Path(file), base, people))


@import_.command("cas")
@click.argument("files", nargs=-1, required=True)
@debate_option
@into_option
@update_option
@transcript_option
@click.option("--annotator", help="The annotator's name, if the one in the file is not right; give a single file.")
def from_cas(
    files: tuple[str, ...], debate: str, out: str | None, update: bool, transcript: str | None, annotator: str | None
) -> None:
    """Import from INCEpTION and other UIMA tools (CAS XMI).

    FILES are XMI files, with TypeSystem.xml in the same folder. The command writes the layers and source.json to a new
    folder.
    """
    from standpunt.exchange.cas_import import import_cas

    _import(
        ", ".join(files), debate, transcript, out, update, lambda base: import_cas(map(Path, files), base, annotator)
    )


@import_.command("csv")
@click.argument("folder")
@debate_option
@into_option
@update_option
@transcript_option
def from_csv(folder: str, debate: str, out: str | None, update: bool, transcript: str | None) -> None:
    """Import from spreadsheets.

    FOLDER is a folder that `standpunt export csv` wrote, or a single file with stance labels. The command writes the
    layers and source.json to a new folder.
    """
    from standpunt.exchange.sheets_import import import_sheets

    _import(folder, debate, transcript, out, update, lambda base: import_sheets(Path(folder), base))


@import_.command("datasets")
@click.argument("folder")
@debate_option
@into_option
@update_option
@transcript_option
def from_datasets(folder: str, debate: str, out: str | None, update: bool, transcript: str | None) -> None:
    """Import one debate from a folder for `datasets`.

    FOLDER is a folder that `standpunt export datasets` wrote. The command writes the layers and source.json to a new
    folder.
    """
    from standpunt.exchange.data_set_import import import_data_set

    _import(folder, debate, transcript, out, update, lambda base: import_data_set(Path(folder), base))


def _import(
    what: str,
    folder: str,
    transcript: str | None,
    out: str | None,
    update: bool,
    read: Callable[[Annotations], Annotations],
) -> None:
    from standpunt.exchange.annotations import load_annotations, refuse_existing, save_annotations, save_layers
    from standpunt.exchange.annotations import updated as updated_with

    if out is not None:
        refuse_existing(out)
    elif not update:
        raise InputError(f"{what}: give --out for a new folder, or --update to add the labels to {folder}")
    base = load_annotations(folder, transcript)
    imported = read(base)
    if not imported.annotators:
        raise InputError(f"{what}: no annotation in it; nothing was written")
    made = updated_with(base, imported) if update else imported
    if out is None:
        save_layers(made, folder, imported.annotators)
    else:
        save_annotations(made, out)
    _done(imported, out or folder)


def _done(annotations: Annotations, out: str) -> None:
    labels = sum(len(layer.labels) for layer in annotations.stance.values())
    sentences = sum(len(layer.sentences) for layer in annotations.arguments.values())
    names = ", ".join(annotations.annotators) or "no annotator"
    click.echo(f"{labels} stance labels and {sentences} sentences of {names}: {out}", err=True)


def _predictions(annotations: Annotations, issues: list[str], folder: str) -> dict[int, dict[str, Any]]:
    """Return the output of the model in a folder on a debate, by turn ordinal, in Label Studio's form."""
    with working(f"loading {folder}"):
        from standpunt.exchange.predictions import debate_predictions
        from standpunt.models import Model

        model = Model.load(folder)
    with working("classifying"), watching_models():
        return debate_predictions(model, annotations, issues)
