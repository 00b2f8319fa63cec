"""`standpunt report`: a debate with its stances as one page."""

from __future__ import annotations

from pathlib import Path

import click

from standpunt.errors import InputError


@click.command()
@click.argument("source")
@click.option("--transcript", help="The report, where its text does not ship with the labels [STANDPUNT_TRANSCRIPTS].")
@click.option("--debate", help="Which debate, where SOURCE is about several.")
@click.option("--votes", help="A file of votes as `standpunt fetch tk --votes` writes it.")
@click.option("--model", metavar="MODEL", help="Which model made the predictions, by folder or name; the page says so.")
@click.option("--out", default="debate.html", show_default=True, help="The HTML file to write.")
def report(
    source: str, transcript: str | None, debate: str | None, votes: str | None, model: str | None, out: str
) -> None:
    """Write the page of a debate: its text with stances and arguments, the stance map, motions, search.

    SOURCE is a run folder, a stance layer (stance.NAME.jsonl; its sister layers and arguments come with it), or
    predictions as `standpunt predict` writes them. The page is one file and needs no network.
    """
    if Path(out).suffix != ".html":
        raise InputError(f"{out}: expected the name of an HTML file, e.g. debate.html")
    from standpunt.page.build import debate_page
    from standpunt.page.content import load_content
    from standpunt.storage.files import write_text

    content = load_content(source, transcript=transcript, debate=debate, votes=votes, model=model)
    write_text(out, debate_page(content))
    click.echo(f"{len(content.debate.turns)} turns, {len(content.stances)} stances: {out}", err=True)
