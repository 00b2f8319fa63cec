"""`standpunt votes`: how well stances tell votes."""

from __future__ import annotations

from pathlib import Path

import click

from standpunt.cli.output import print_results
from standpunt.errors import InputError

_LISTENER = "standpunt-nl"


@click.command()
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    envvar="STANDPUNT_DATA",
    default=Path("data"),
    show_default=True,
    help="The folder of data sets, with the file of motions and the reports of their debates [STANDPUNT_DATA].",
)
@click.option(
    "--model",
    "models",
    multiple=True,
    metavar="[NAME=]MODEL",
    help="A model of stance, a folder or the name of a shipped one, with a name for the table. May be repeated.",
)
@click.option(
    "--run",
    "runs",
    multiple=True,
    metavar="[NAME=]RUN",
    help="A run on corpus votes that holds each debate out: what a model says that was trained on votes of the others. "
    "May be repeated.",
)
@click.option(
    "--pairs",
    "known",
    multiple=True,
    type=click.Path(path_type=Path),
    help="The pairs.csv of an earlier call on the same data, whose models are taken over. May be repeated.",
)
@click.option(
    "--resamples",
    type=click.IntRange(min=1),
    default=2000,
    show_default=True,
    help="The number of bootstrap resamples.",
)
@click.option(
    "--out", type=click.Path(path_type=Path), help="A new folder for the pairs and the scores (CSV, Markdown)."
)
def votes(
    data: Path,
    models: tuple[str, ...],
    runs: tuple[str, ...],
    known: tuple[Path, ...],
    resamples: int,
    out: Path | None,
) -> None:
    """Score stances by how parties voted.

    For each motion of a debate and each party that spoke in it and did not sign it, the command predicts whether the
    party votes for the motion: from votes of earlier days alone (the controls), from what its members said, as each
    model reads it, and from both. It prints how well the predictions rank the votes, over all pairs, within a motion
    and within a party. A model that was trained on votes or motions of these debates is refused; where one was trained
    on labelled turns of some of them, the scores on the others are printed as well.
    """
    from standpunt.analysis.voting.seen import answers_of_run
    from standpunt.analysis.voting.study import models_of_pairs, score_tables, vote_study
    from standpunt.corpora.voted_debates import read_voted_debates
    from standpunt.models.base import Model
    from standpunt.models.shipped import model_folder
    from standpunt.results.runs import Run
    from standpunt.storage.files import atomic_folder

    if out is not None and out.exists():
        raise InputError(f"{out}: exists already; give a new folder")
    voted = read_voted_debates(data)
    listener = Model.load(model_folder(_LISTENER))
    loaded = {}
    for given in models or (_LISTENER,):
        name, place = _named(given)
        loaded[name] = listener if place == _LISTENER else Model.load(model_folder(place))
    trained = {name: answers_of_run(name, Run.load(place), voted.debates) for name, place in map(_named, runs)}
    for path in known:
        trained |= {name: said for name, said in models_of_pairs(path).items() if name not in loaded}
    study = vote_study(
        voted,
        loaded,
        listener=listener,
        trained=trained,
        resamples=resamples,
        watch=lambda debate: click.echo(debate, err=True),
    )
    tables = score_tables(study)
    for table in tables:
        print_results(table)
    if out is not None:
        with atomic_folder(out) as folder:
            study.pairs.round(4).to_csv(folder / "pairs.csv", index=False)
            study.scores.round(4).to_csv(folder / "scores.csv", index=False)
            study.differences.round(4).to_csv(folder / "differences.csv", index=False)
            text = "\n".join(table.to_markdown() for table in tables)
            (folder / "results.md").write_text(text, encoding="utf-8")
        click.echo(f"folder: {out}", err=True)


def _named(given: str) -> tuple[str, str]:
    """Return the name and the place of NAME=PLACE; the name of a place without one is its last part."""
    name, separator, place = given.partition("=")
    return (name, place) if separator else (Path(given).name, given)
