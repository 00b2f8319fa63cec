"""`standpunt annotate model` and `standpunt annotate llm`: layers that a model makes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from standpunt.cli.exchange import transcript_option
from standpunt.cli.llm_costs import print_counts, say_spending
from standpunt.cli.names import names_in
from standpunt.cli.progress import say, watching_models, working
from standpunt.errors import InputError

if TYPE_CHECKING:
    from standpunt.annotation.issues import Issue
    from standpunt.corpora.corpus import AnnotatedDebate, Corpus
    from standpunt.models import Model
    from standpunt.prediction.annotating import ModelAnnotator

_ANSWERS = "runs/answers"  # where runs with model=llm keep theirs


def _where_and_what(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that both commands have."""
    for add in (
        click.option("--annotator", metavar="NAME", help="Whose layer it is called; by default, after the model."),
        click.option(
            "--issues",
            help="Comma-separated issues, by name; by default, those that people annotated.",
        ),
        click.option("--debate", "debates", multiple=True, metavar="NAME", help="Only this debate. May be repeated."),
        click.option(
            "--out",
            metavar="FOLDER",
            help="Write into a copy of the corpus; for corpora that come with the package, which stay as they are.",
        ),
        click.option(
            "--force", is_flag=True, help="Replace a layer that a model made in another way; never one of people."
        ),
        transcript_option,
    ):
        command = add(command)
    return command


@click.command("model")
@click.argument("corpus")
@click.option("--model", "folder", required=True, metavar="MODEL", help="The folder or the name of a trained model.")
@click.option("--anyway", is_flag=True, help="Also answer what the model was not made for, as predict does.")
@_where_and_what
@working("loading the model")
def model_(corpus: str, folder: str, anyway: bool, annotator: str | None, **where: Any) -> None:
    """Let a trained model annotate the debates of a corpus.

    CORPUS is the name or the folder of a corpus. For each debate the command writes a layer, stance.NAME.jsonl, beside
    those of people: labels, the passages they rest on where the model tells them, and the probabilities of all pairs of
    turn and issue. The header says which model made it, and when.

    A layer that is there already and was made in the same way is left alone, so that the command can be given again
    after it was interrupted. The paths of the layers are printed.
    """
    from standpunt.models import Model
    from standpunt.prediction.annotating import ModelAnnotator, annotator_name

    model = Model.load(folder)
    with watching_models():
        _annotate(corpus, ModelAnnotator(model, annotator or annotator_name(model.config.name), anyway), **where)


@click.command("llm")
@click.argument("corpus")
@click.argument("settings", nargs=-1, metavar="[model.KEY=VALUE]...")
@click.option("--model", "name", metavar="MODEL", help="The model, by its name on the server; by default its first.")
@click.option("--base-url", metavar="URL", help="The address of the server; by default that of llama.cpp here.")
@click.option(
    "--answers",
    metavar="FOLDER",
    default=_ANSWERS,
    show_default=True,
    help="Where answers are kept, so that none is paid twice.",
)
@click.option("--dry-run", is_flag=True, help="Ask nothing and write nothing: count the questions, and price them.")
@_where_and_what
@working("asking the language model")
def llm_(
    corpus: str,
    settings: tuple[str, ...],
    name: str | None,
    base_url: str | None,
    answers: str,
    dry_run: bool,
    annotator: str | None,
    **where: Any,
) -> None:
    """Let a language model annotate the debates of a corpus.

    CORPUS is the name or the folder of a corpus. The language model reads what an annotator reads: the codebook, the
    definition of the issue, the turn, and the turn that it answers. It was shown no label. For each debate the command
    writes a layer, stance.NAME.jsonl, beside those of people: labels, the passages that the model quotes, and
    probabilities where the server gives them. The header has the model, a hash of all that it was told, and the date. A
    quotation that is not in the turn is left out, and a turn that got no answer is marked.

    Further settings are those of model=llm in experiments, such as model.key_variable=OPENAI_API_KEY or
    model.budget_money=2.

    Give the command again after it was interrupted: it goes on where it stopped. The paths of the layers are printed.
    """
    from standpunt.prediction.annotating import ModelAnnotator, annotator_name

    shortcuts = {"model": name, "base_url": base_url, "cache": answers}
    model: Any = _language_model(settings, {key: value for key, value in shortcuts.items() if value is not None})
    named = annotator or annotator_name(model.language_model)
    if dry_run:
        from standpunt.models.llm.counting import counting

        with counting() as counts:
            _annotate(corpus, ModelAnnotator(model, named), ask_only=True, **where)
        print_counts(counts)
        return
    try:
        with watching_models():
            _annotate(corpus, ModelAnnotator(model, named), **where)
    finally:
        say_spending()


def _language_model(settings: Sequence[str], shortcuts: dict[str, str]) -> Model:
    """Return a language model that was fitted on nothing.

    Raises:
        InputError: a setting is unknown, wrong, or given twice.
    """
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    from standpunt.annotation.layers import NONE, STANCES
    from standpunt.experiment.config import config_error
    from standpunt.models import build
    from standpunt.models.building import model_config

    given: dict[str, Any] = {}
    for setting in settings:
        key, equals, _ = setting.partition("=")
        if not equals or not key.startswith("model.") or key == "model.family":
            raise InputError(f"{setting}: expected a setting of the language model, such as model.temperature=0.7")
    try:
        given = dict(OmegaConf.to_container(OmegaConf.from_dotlist([*settings])).get("model", {}))  # ty: ignore
        for key in sorted(given.keys() & shortcuts.keys() - {"cache"}):
            raise InputError(f"model.{key} is given twice, as a setting and as an option; leave one of them out")
        config = model_config({"name": "llm", "family": "llm"} | shortcuts | given)
    except OmegaConfBaseException as error:
        raise config_error(error, "model.") from None
    if getattr(config, "examples", 0):
        raise InputError(
            "model.examples: there are no labelled turns to show here; train a model=llm with examples, and give its "
            "folder to standpunt annotate model"
        )
    return build(config, (*STANCES, NONE), {})


def _annotate(
    name: str,
    annotator: ModelAnnotator,
    *,
    issues: str | None,
    debates: tuple[str, ...],
    out: str | None,
    force: bool,
    transcript: str | None,
    ask_only: bool = False,
) -> None:
    """Write the layers of an annotator, or only put the questions, which are counted then."""
    from standpunt.corpora.copies import copied, debates_named, ships
    from standpunt.corpora.corpus import corpus_folder, load_corpus

    original = corpus_folder(name)
    chosen = [place.name for place in debates_named(original, debates)]
    if not ask_only:
        if out is None and ships(original):
            raise InputError(
                f"{name}: comes with the package and stays as it is; name a copy to write in, --out FOLDER"
            )
        folder = original if out is None else copied(name, out, debates)
    else:
        folder = original
    corpus = load_corpus(str(folder.resolve()), transcripts=transcript)
    items = [item for item in corpus.debates if item.name in chosen]
    asked = {item.name: _issues(folder, corpus, item, issues) for item in items}
    if ask_only:
        for item in items:
            annotator.ask(item, asked[item.name])
        return
    todo = [item for item in items if not _is_done(folder, item, annotator, asked[item.name], force=force)]
    if original.name in annotator.model.corpora_behind:
        click.echo(
            f"standpunt: {annotator.model.config.name} was trained on {original.name}; it agrees with that better than "
            "with a debate that is new to it",
            err=True,
        )
    for item in items:
        path = _path(folder, item, annotator)
        if item not in todo:
            click.echo(path)
            click.echo(f"{item.name}: done before", err=True)
            continue
        say(f"{annotator.name} reads {item.name}")
        layer = annotator.layer(item, asked[item.name])
        layer.save(path, item.source)
        click.echo(path)
        turns = sum(turn.speaker.role != "chair" for turn in item.debate.turns)
        silent = f", {len(layer.unanswered)} without an answer" if layer.unanswered else ""
        pairs = turns * len(layer.issues)
        click.echo(f"{item.name}: {len(layer.labels)} stances among {pairs} pairs of turn and issue{silent}", err=True)


def _issues(folder: Path, corpus: Corpus, item: AnnotatedDebate, names: str | None) -> list[Issue]:
    """Return the issues that a debate is asked about: those named, or those that people annotated in it.

    An issue must be one of the corpus (its folder issues) or one that ships, or the layer could not be read again.

    Raises:
        InputError: one is neither, or there is none.
    """
    from standpunt.annotation.issues import is_issue_file, load_issue, load_issues
    from standpunt.corpora.corpus import ISSUES, by_people

    if names is None:
        layers = by_people(item.layers) or item.layers
        annotated = list(dict.fromkeys(issue for name in sorted(layers) for issue in layers[name].issues))
        if not annotated:
            raise InputError(f"debate {item.name}: it has no layer that names issues; name them with --issues")
        return [corpus.issues[issue] for issue in annotated]
    given = list(dict.fromkeys(names_in(names)))
    if not given:
        raise click.BadParameter("no issue is named; give e.g. no_fly_zone,frozen_assets", param_hint="--issues")
    if files := [name for name in given if is_issue_file(name)]:
        raise InputError(f"{files[0]}: put the file into {folder / ISSUES}, and give --issues the name of the issue")
    own = load_issues(str(path) for path in sorted((folder / ISSUES).glob("*.yaml")))
    return [own.get(name) or load_issue(name) for name in given]


def _path(folder: Path, item: AnnotatedDebate, annotator: ModelAnnotator) -> Path:
    return folder / item.name / f"stance.{annotator.name}.jsonl"


def _is_done(
    folder: Path, item: AnnotatedDebate, annotator: ModelAnnotator, issues: Sequence[Issue], *, force: bool
) -> bool:
    """Tell whether a layer is there already.

    Raises:
        InputError: one of that name is there that people made, or that was made in another way and is not to be
            replaced.
    """
    path, known = _path(folder, item, annotator), item.layers.get(annotator.name)
    if known is None:
        if path.exists():
            raise InputError(f"{path}: is there already, with the layer of another annotator; choose an --annotator")
        return False
    if known.made_by is None or not path.exists():
        raise InputError(
            f"{path}: there is a layer of {annotator.name} already that people made; it is not replaced, choose "
            "another --annotator"
        )
    if known.made_by.same_work(annotator.made_by(item, issues)) and set(known.issues) == {one.name for one in issues}:
        return True
    if not force:
        raise InputError(
            f"{path}: there is a layer of {annotator.name} already, made on {known.made_by.date} by another model, "
            "prompt or definition, or on other issues; choose another --annotator, or replace it with --force"
        )
    return False
