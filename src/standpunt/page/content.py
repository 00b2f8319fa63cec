"""What goes onto the page of a debate, from an annotation layer, a run, or a file of predictions."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from standpunt.analysis.stances import stances_of_layers, stances_of_predictions
from standpunt.annotation.arguments import ArgumentLayer, Sentence
from standpunt.annotation.filling import Filling
from standpunt.annotation.issues import Issue, load_issue, shipped_issues
from standpunt.annotation.layers import Layer
from standpunt.annotation.sources import SOURCE, Source
from standpunt.annotation.standoff import layer_kind
from standpunt.corpora.corpus import (
    ADJUDICATED,
    TranscriptMissing,
    by_people,
    corpus_folder,
    debate_folders,
    load_layers,
    text_of,
)
from standpunt.corpora.outside.data_set import DATA_SETS
from standpunt.corpora.rows import NONE
from standpunt.debate import Debate
from standpunt.errors import InputError
from standpunt.evaluation.condition import ALL
from standpunt.evaluation.tables import Table
from standpunt.page.made_by import Maker, made_by, noted_maker
from standpunt.page.predictions import predicted_evidence, predicted_sentences
from standpunt.page.reliability import Reliability, beside_labels, of_machine, of_model, of_predictions
from standpunt.page.texts import text_of_predictions
from standpunt.page.words import Words
from standpunt.parliament.debate_votes import debate_votes
from standpunt.parliament.votes import MotionVote, read_votes
from standpunt.prediction.folder import find_debate
from standpunt.prediction.header import Header
from standpunt.prediction.places import MANIFEST, SUFFIXES
from standpunt.prediction.predictor import ABSTAIN
from standpunt.prediction.reading import header_of, read_predictions
from standpunt.results.runs import Run

_VOTES = "votes.jsonl"
_EXPECTED = "a run folder, a stance layer (stance.NAME.jsonl), or predictions (.parquet, .jsonl, .csv)"


@dataclass(frozen=True)
class Content:
    """A debate and what is known about it.

    Attributes:
        debate: the text.
        stances: as `standpunt.analysis.stances` returns them.
        title: the heading.
        date: of the debate.
        origin: one line on where the stances come from.
        percentage: what the certainty of a stance is.
        sentences: claims and premises.
        issues: definitions, where there are any, by name.
        votes: how parties voted on motions; where there are none the page has those that the report tells of.
        votes_note: what a file of votes does not tell of them.
        tables: results of the run.
        scored: predictions with `gold`, for the curves of the run.
        notices: what the reader must know first.
        language: of the text, a code such as "nl", where it is known.
        reliability: how far a machine's answers can be trusted; None where people gave the labels.
        words: what the page says, in its own language.
    """

    debate: Debate
    stances: pd.DataFrame
    title: str
    date: str | None = None
    origin: str = ""
    percentage: str = "the probability the model gives it"
    sentences: tuple[Sentence, ...] = ()
    issues: dict[str, Issue] | None = None
    votes: tuple[MotionVote, ...] = ()
    votes_note: str = ""
    tables: tuple[Table, ...] = ()
    scored: pd.DataFrame | None = None
    notices: tuple[str, ...] = ()
    language: str | None = None
    reliability: Reliability | None = None
    words: Words = field(default_factory=Words)


def load_content(
    source: str | os.PathLike[str],
    *,
    transcript: str | os.PathLike[str] | None = None,
    debate: str | None = None,
    votes: str | os.PathLike[str] | None = None,
    model: str | os.PathLike[str] | None = None,
    labels: str | os.PathLike[str] | None = None,
    language: str = "en",
) -> Content:
    """Read what goes onto a page.

    Args:
        source: a run folder, a stance layer, or a file or folder of predictions.
        transcript: the report, where it does not ship with the labels and predictions do not say where it lies.
        debate: which debate, where a run, file or folder is about several; of a folder, its report will do.
        votes: a file of votes or of motions (see `debate_votes`); by default the votes beside the layer.
        model: which model made a file of predictions, by folder or name, where the file does not say it itself.
        labels: a stance layer for the same debate, to hold predictions against.
        language: of the page, "en" or "nl".

    Raises:
        InputError: the source is none of these, the text is missing or another one, the debate has to be named, or a
            model or labels are named where the source is no file of predictions.
    """
    path, words = Path(source), Words(language)
    if (path / MANIFEST).is_file():
        debate, path = find_debate(path, debate)
    if path.is_dir() or (path.suffix == ".jsonl" and layer_kind(path, _EXPECTED)):
        if model is not None:
            raise InputError(f"{path}: --model is for files of predictions; runs and layers say whose they are")
        if labels is not None:
            raise InputError(f"{path}: --labels is for files of predictions; runs and layers have labels of their own")
    if path.is_dir():
        content = _of_run(Run.load(path), transcript, debate, words)
    elif path.suffix == ".jsonl" and (kind := layer_kind(path, _EXPECTED)):
        if kind != "stance":
            raise InputError(f"{path}: a layer of {kind}; give the stance layer beside it, its arguments come with it")
        content = _of_layer(path, transcript, words)
    elif path.suffix in SUFFIXES:
        content = _of_predictions(path, transcript, debate, model, labels, words)
    else:
        raise InputError(f"{path}: expected {_EXPECTED}")
    if not votes:
        return content
    (read,) = debate_votes(votes, [content.debate])
    return replace(content, votes=read.votes, votes_note=read.note)


def _of_layer(path: Path, transcript: str | os.PathLike[str] | None, words: Words) -> Content:
    folder = path.parent
    source = Source.load(folder / SOURCE)
    layer = Layer.load(path)
    debate = text_of(folder, source, transcript)
    layer.check(debate, source, str(path))
    people = by_people(load_layers(folder))
    others = {name: other for name, other in people.items() if name not in (layer.annotator, ADJUDICATED)}
    for name, other in others.items():
        other.check(debate, source, str(folder / f"stance.{name}.jsonl"))
    origin = words("of_layer", annotator=layer.annotator, place=f"{folder.parent.name}/{folder.name}")
    if others:
        origin += words("others_differ", others=", ".join(others))
    arguments = _arguments(folder, layer.annotator, debate, source)
    if arguments:
        covered = _coverage(arguments, debate, words)
        origin += words("arguments_by", annotator=arguments.annotator, coverage=covered)
    return Content(
        debate,
        stances_of_layers(debate, layer, others.values()),
        source.title,
        source.date,
        f"{origin}.",
        words("share_annotators"),
        sentences=arguments.sentences if arguments else (),
        issues=_definitions(layer.issues, folder.parent),
        votes=_votes(folder),
        language=source.language,
        words=words,
    )


def _of_run(run: Run, transcript: str | os.PathLike[str] | None, name: str | None, words: Words) -> Content:
    from standpunt.results.summary import summarise

    if not run.finished:
        raise InputError(f"{run.folder}: the run failed ({run.status.get('error')}); give one that finished")
    rows = run.predictions()
    folder, debate, source = _debate_of_run(run, rows, transcript, name)
    rows = rows[(rows["debate"] == folder.name) & (rows["scope"] == ALL)]
    layers = by_people(load_layers(folder))
    layer = layers.get(ADJUDICATED) or next(iter(layers.values()), None)
    evidence = {(label.turn, label.issue): label.evidence for label in layer.labels} if layer else {}
    arguments = _arguments(folder, ADJUDICATED, debate, source)
    covered = f" ({_coverage(arguments, debate, words)})" if arguments else ""
    model, place = run.config()["model"]["name"], f"{folder.parent.name}/{folder.name}"
    reliability = of_machine(model, words).beside(rows, place, words)
    return Content(
        debate,
        stances_of_predictions(debate, rows, evidence),
        source.title,
        source.date,
        words("of_run", run=run.folder.name, model=model, place=place, covered=covered),
        words("probability"),
        sentences=arguments.sentences if arguments else (),
        issues=_definitions(rows["issue"].unique(), folder.parent),
        votes=_votes(folder),
        tables=summarise([run]).tables,
        scored=rows,
        language=source.language,
        reliability=reliability,
        words=words,
    )


def _debate_of_run(
    run: Run, rows: pd.DataFrame, transcript: str | os.PathLike[str] | None, name: str | None
) -> tuple[Path, Debate, Source]:
    config = run.config()
    corpora = dict.fromkeys([config["corpus"]["name"], *config["evaluation"]["test"]])
    predicted = set(rows["debate"].astype(str))
    folders = [
        folder
        for corpus in corpora
        if corpus not in DATA_SETS.names()
        for folder in debate_folders(corpus_folder(corpus))
        if folder.name in predicted and name in (None, folder.name)
    ]
    names = ", ".join(sorted(predicted))
    if not folders:
        raise InputError(f"{run.folder}: no predictions about {name or 'an annotated debate'}; they are about {names}")
    if transcript is not None and len(folders) > 1:
        # The text that is given belongs to a debate that ships none.
        folders = [folder for folder in folders if not (folder / "report.txt").is_file()]
    candidates = []
    for folder in folders:
        source = Source.load(folder / SOURCE)
        try:
            candidates.append((folder, text_of(folder, source, transcript, only=len(folders) == 1), source))
        except TranscriptMissing:
            if len(folders) == 1:
                raise
    if len(candidates) != 1:
        raise InputError(f"{run.folder}: the run is about several debates; name one with --debate: {names}")
    return candidates[0]


def _of_predictions(
    path: Path,
    transcript: str | os.PathLike[str] | None,
    name: str | None,
    model: str | os.PathLike[str] | None,
    labels: str | os.PathLike[str] | None,
    words: Words,
) -> Content:
    if not path.is_file():
        raise InputError(f"{path}: no such file; expected {_EXPECTED}")
    frame = read_predictions(path)
    header = header_of(path, frame)
    debate, whole = text_of_predictions(path, frame, header, transcript, name)
    rows = frame[frame["debate"] == debate.id]
    maker = _maker(path, header, model)
    notices = [] if whole else [words("text_of_rows")]
    if f"p_{NONE}" not in rows:
        notices.append(words("all_addressed"))
    if "knows_issue" in rows and (strange := sorted(set(rows.loc[~rows["knows_issue"], "issue"]))):
        notices.append(words("not_trained_on", issues=", ".join(name.replace("_", " ") for name in strange)))
    if "label" in rows and (silent := int((rows["label"] == ABSTAIN).sum())):
        notices.append(words("abstains", n=silent, of=len(rows)))
    issues = rows["issue"].unique()
    if maker is None or not maker.scores.measurements:
        reliability = of_predictions(rows, path, words, maker.name if maker else None)
    else:
        reliability = of_model(maker.scores, maker.name, issues, words)
    if labels is not None:
        named = Path(labels)
        frame = beside_labels(debate, rows, named, maker.corpora if maker is not None else ())
        filling = Filling.of(Layer.load(named), debate)
        if filling.half:
            notices.append(words("labels_half", labelled=filling.labelled, turns=filling.turns))
        folder = named.absolute().parent
        reliability = reliability.beside(frame, f"{folder.parent.name}/{folder.name}", words)
        if maker is None:
            reliability = replace(reliability, head=(*reliability.head, words("labels_unknown")))
    made = words("model_unknown") if maker is None else maker.line(words)
    return Content(
        debate,
        stances_of_predictions(debate, rows, predicted_evidence(debate, rows)),
        debate.title or Path(transcript or path).stem,
        debate.date,
        words("of_predictions", file=path.name, model=made),
        words("probability"),
        sentences=predicted_sentences(debate, rows),
        issues=_definitions(issues, None) | {issue.name: issue for issue in (header.issues if header else ())},
        notices=tuple(notices),
        language=header.language if header else None,
        reliability=reliability,
        words=words,
    )


def _maker(path: Path, header: Header | None, model: str | os.PathLike[str] | None) -> Maker | None:
    """Return the model that made predictions: the one that is named, or that they name themselves.

    Raises:
        InputError: they name another than the one that is given.
    """
    if model is None:
        return noted_maker(header.model, path) if header else None
    maker = made_by(model)
    if header and header.model.version not in (None, maker.version):
        raise InputError(
            f"{path}: made by {header.model.name} (version {str(header.model.version)[:12]}), and not by {maker.name} "
            f"(version {str(maker.version)[:12]}), which --model names; leave --model out"
        )
    return maker


def _arguments(folder: Path, annotator: str, debate: Debate, source: Source) -> ArgumentLayer | None:
    """Return the argument layer of most turns, of several the annotator's; an adjudicated one may be a sample."""
    layers = [(ArgumentLayer.load(path), str(path)) for path in sorted(folder.glob("arguments.*.jsonl"))]
    if not layers:
        return None
    layer, where = max(layers, key=lambda candidate: (len(candidate[0].turns), candidate[0].annotator == annotator))
    layer.check(debate, source, where)
    return layer


def _coverage(layer: ArgumentLayer, debate: Debate, words: Words) -> str:
    """Say how much of a debate an argument layer is about."""
    spoken = {turn.ordinal for turn in debate.turns if turn.speaker.role != "chair"}
    return words("coverage", n=len(spoken & {*layer.turns}), of=len(spoken))


def _votes(folder: Path) -> tuple[MotionVote, ...]:
    path = folder / _VOTES
    return tuple(read_votes(path)) if path.is_file() else ()


def _definitions(names: Sequence[str], corpus: Path | None) -> dict[str, Issue]:
    """Return the issues that are defined: the corpus's own before the shipped ones."""
    definitions = {}
    for name in names:
        own = corpus / "issues" / f"{name}.yaml" if corpus else None
        if own is not None and own.is_file():
            definitions[name] = load_issue(str(own))
        elif name in shipped_issues():
            definitions[name] = load_issue(name)
    return definitions
