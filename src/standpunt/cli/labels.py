"""`standpunt labels`: the labels of a corpus."""

from __future__ import annotations

import click

from standpunt.cli.output import format_option, print_records

LABEL_COLUMNS = ("turn", "ordinal", "speaker", "start", "end", "issue", "label", "annotator", "evidence")


@click.command()
@click.argument("corpus")
@click.option("--layer", default="adjudicated", show_default=True, help="The annotator whose labels are printed.")
@click.option("--transcript", help="The transcript, or a folder that contains it [STANDPUNT_TRANSCRIPTS].")
@format_option
def labels(corpus: str, layer: str, transcript: str | None, form: str | None, delimiter: str | None) -> None:
    """Print the labels of a corpus, with offsets into the transcript.

    CORPUS is the name or the folder of a corpus. The command prints one record for each label. If a debate has no
    adjudicated layer and only one annotator, it prints the labels of that annotator.
    """
    from standpunt.corpora.corpus import load_corpus

    loaded = load_corpus(corpus, transcripts=transcript)
    chosen = [(item, item.layer(layer)) for item in loaded.debates]
    print_records(
        (record for item, one in chosen for record in one.records(item.debate)), LABEL_COLUMNS, form, delimiter
    )
