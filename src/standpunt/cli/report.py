"""`standpunt report`: the page of a debate."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from standpunt.errors import InputError

if TYPE_CHECKING:
    from standpunt.analysis.stance_map import By


@click.command()
@click.argument("source")
@click.option(
    "--transcript",
    help="The report, if its text does not come with the labels and is not where the predictions say "
    "[STANDPUNT_TRANSCRIPTS].",
)
@click.option(
    "--debate",
    help="Which debate to show, if SOURCE is about several: its id, or in a folder of predictions its report.",
)
@click.option("--votes", help="A file of votes that `standpunt fetch tk --votes` wrote, or of motions and votes.")
@click.option(
    "--model", metavar="MODEL", help="The model that made the predictions (a folder or a name), if they do not say it."
)
@click.option(
    "--labels",
    metavar="LAYER",
    help="A stance layer for this debate (stance.NAME.jsonl). The page then says how often the predictions are right.",
)
@click.option(
    "--language",
    type=click.Choice(("en", "nl")),
    default="en",
    show_default=True,
    help="The language of the page itself; the debate keeps its own.",
)
@click.option(
    "--map",
    "maps",
    multiple=True,
    metavar="FILE",
    help="Also write the stance map to this file, which ends in .csv or .png. May be repeated.",
)
@click.option(
    "--map-by",
    type=click.Choice(("party", "speaker")),
    default="party",
    show_default=True,
    help="Whether the columns of that map are parties or speakers.",
)
@click.option("--out", default="debate.html", show_default=True, help="The HTML file to write.")
def report(
    source: str,
    transcript: str | None,
    debate: str | None,
    votes: str | None,
    model: str | None,
    labels: str | None,
    language: str,
    maps: tuple[str, ...],
    map_by: By,
    out: str,
) -> None:
    """Write a page that shows a debate and who stands where in it.

    The page has the text with stances and arguments, the stance map, the motions, and a search. It is one HTML file and
    needs no network.

    SOURCE is a file or folder that `standpunt predict` wrote, the folder of a run, or a stance layer
    (stance.NAME.jsonl). With a layer, the page also shows the other annotators' layers and the arguments. `standpunt
    map --page` makes pages of all debates of a folder.

    On predictions, each issue has a mark that says how far they can be trusted: by what was counted when the model was
    measured on real debates, or by your own labels (--labels).
    """
    if Path(out).suffix != ".html":
        raise InputError(f"{out}: expected the name of an HTML file, e.g. debate.html")
    from standpunt.page.build import debate_page
    from standpunt.page.content import load_content
    from standpunt.page.downloads import check_map, write_map
    from standpunt.storage.files import write_text

    for path in maps:
        check_map(path)
    content = load_content(
        source, transcript=transcript, debate=debate, votes=votes, model=model, labels=labels, language=language
    )
    for path in maps:
        write_map(content, path, map_by)
    write_text(out, debate_page(content))
    if content.votes_note:
        click.echo(f"{votes}: {content.votes_note}", err=True)
    click.echo(f"{len(content.debate.turns)} turns, {len(content.stances)} stances: {out}", err=True)
