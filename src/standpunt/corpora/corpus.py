"""A corpus: a folder of debates, each with its source description, its layers and, where it may ship, its report."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from standpunt.annotation.arguments import ArgumentLayer
from standpunt.annotation.filling import half_filled
from standpunt.annotation.issues import Issue, load_issue, load_issues
from standpunt.annotation.layers import Layer
from standpunt.annotation.sources import SOURCE, Source
from standpunt.corpora.card import CARD, divided, read_card
from standpunt.corpora.motion_columns import motion_columns
from standpunt.corpora.rows import NONE, PROBABILITIES, ROW_COLUMNS, SYNTHETIC, TRAIN, answered, row
from standpunt.corpora.transcripts import (
    VARIABLE,
    TranscriptMissing,
    find_recorded,
    find_transcript,
    read_report,
    report_in,
    transcripts_paths,
)
from standpunt.debate import Debate
from standpunt.errors import InputError, LayerError, unknown_name
from standpunt.readers import read_debate
from standpunt.storage.paths import CORPORA

if TYPE_CHECKING:
    from datasets import Dataset

_Layer = TypeVar("_Layer", Layer, ArgumentLayer)
_Any = TypeVar("_Any")

ADJUDICATED = "adjudicated"
ISSUES = "issues"  # in the folder of a corpus, the definitions of its own
COLUMNS = (*ROW_COLUMNS, "label", "votes", "evidence")


@dataclass(frozen=True)
class AnnotatedDebate:
    """A debate with its layers, keyed by annotator; `part` says what it is for, "train" where nothing is said."""

    name: str
    source: Source
    debate: Debate
    layers: dict[str, Layer]
    part: str = TRAIN

    def layer(self, annotator: str = ADJUDICATED) -> Layer:
        """Return the layer of an annotator; see `chosen_layer`.

        Raises:
            InputError: there is no such layer.
        """
        return chosen_layer(self.layers, annotator, self.name)


@dataclass(frozen=True)
class Corpus:
    """A named collection of annotated debates, with the definitions of the issues annotated in them."""

    name: str
    title: str
    synthetic: bool
    debates: tuple[AnnotatedDebate, ...]
    issues: dict[str, Issue]

    def annotators(self, layer: str = ADJUDICATED) -> tuple[str, ...]:
        """Return whose labels are taken where those of `layer` are asked for; see `chosen_layer`.

        Raises:
            InputError: a debate has no such layer.
        """
        return tuple(sorted({item.layer(layer).annotator for item in self.debates}))

    def half_filled(self, layer: str = ADJUDICATED, issues: Sequence[str] | None = None) -> str:
        """Say what of the layers looks as if nobody had come to it; see `standpunt.annotation.filling.half_filled`.

        A model comes to everything.
        """
        layers = [(item.name, item.layer(layer), item.debate) for item in self.debates]
        return half_filled([one for one in layers if one[1].made_by is None], issues)

    @property
    def divided(self) -> bool:
        """Whether corpus.yaml divides the debates into parts; rows then have a column `part`."""
        return any(item.part != TRAIN for item in self.debates)

    def rows(
        self, *, layer: str = ADJUDICATED, issues: Sequence[str] | None = None, with_none: bool = False
    ) -> Dataset:
        """Return one row a (turn, issue) pair, as `datasets.Dataset`.

        `votes` are the labels of all people but the adjudicator, "" of one whose layer is not on the issue. Where the
        labels are those of a model that gave probabilities, `probabilities` has them by label; a pair on which it gave
        no answer has no row. Rows of a corpus of invented debates have `synthetic`.

        Args:
            layer: the annotator whose labels to take; see `chosen_layer`.
            issues: names of the issues wanted; by default all that were annotated.
            with_none: also give the pairs of turns that do not address an issue, with label "none".

        Raises:
            InputError: unknown layer, or an issue that was not annotated in any debate.
        """
        from datasets import Dataset

        annotated = sorted({issue for item in self.debates for issue in item.layer(layer).issues})
        for issue in issues or ():
            if issue not in annotated:
                raise unknown_name(f"issue of corpus {self.name}", issue, annotated)
        wanted = list(issues or annotated)
        records = list(self._rows(layer, wanted, with_none))
        return Dataset.from_list(records) if records else Dataset.from_dict({name: [] for name in COLUMNS})

    def _rows(self, layer: str, issues: list[str], with_none: bool) -> Iterator[dict[str, Any]]:
        soft = any(item.layer(layer).probabilities() for item in self.debates)
        for item in self.debates:
            source, chosen = item.source, item.layer(layer)
            stance = chosen.by_pair()
            evidence = {(label.turn, label.issue): label.evidence for label in chosen.labels}
            unanswered, probabilities = chosen.unanswered, chosen.probabilities()
            others = [other for name, other in sorted(by_people(item.layers).items()) if name != ADJUDICATED]
            known = [(other.issues, other.by_pair()) for other in others]
            motions = motion_columns(item.debate)
            for turn in item.debate.turns:
                if turn.speaker.role == "chair":
                    continue
                shared = {
                    "language": source.language,
                    "context": answered(item.debate, turn),
                    "motion": motions.get(turn.id),
                }
                for issue in issues:
                    pair = (turn.ordinal, issue)
                    label = stance.get(pair, NONE)
                    if issue not in chosen.issues or (label == NONE and not with_none) or pair in unanswered:
                        continue
                    yield {
                        **row(item.name, source.date, turn, self.issues[issue], **shared),
                        **({"part": item.part} if self.divided else {}),
                        **({PROBABILITIES: probabilities.get(pair)} if soft else {}),
                        "label": label,
                        "votes": [votes.get(pair, NONE) if issue in named else "" for named, votes in known],
                        "evidence": [list(span) for span in evidence.get(pair, ())],
                        **({SYNTHETIC: True} if self.synthetic else {}),
                    }


def chosen_layer(layers: Mapping[str, _Layer], annotator: str, debate: str, kind: str = "layer") -> _Layer:
    """Return the layer of an annotator; with one person on a debate, there is nothing to adjudicate.

    The labels of a model are taken where they are asked for by name, and never instead of those of people.

    Args:
        layers: of a debate, keyed by annotator.
        annotator: whose layer; where it is "adjudicated" and one person annotated the debate, theirs is taken.
        debate: the name of the debate, for the error.
        kind: what the layers are, for the error.

    Raises:
        InputError: there is no such layer.
    """
    if annotator in layers:
        return layers[annotator]
    people = by_people(layers)
    if annotator == ADJUDICATED and len(people) == 1:
        return next(iter(people.values()))
    if not layers:
        raise InputError(f"debate {debate}: it has no {kind}; label it, see standpunt annotate next")
    choices = " or ".join(f"corpus.layer={name}" for name in sorted(layers))
    if annotator == ADJUDICATED:
        raise InputError(f"debate {debate}: it has no adjudicated {kind}; choose an annotator with {choices}")
    raise InputError(f"debate {debate}: {unknown_name(kind, annotator, layers)}; choose with {choices}")


def by_people(layers: Mapping[str, _Any]) -> dict[str, _Any]:
    """Return the layers, keyed by annotator, that no model made."""
    return {name: layer for name, layer in layers.items() if not (isinstance(layer, Layer) and layer.made_by)}


def shipped_corpora() -> tuple[str, ...]:
    """Return the names of the corpora that ship with the package."""
    return tuple(sorted(path.parent.name for path in CORPORA.glob(f"*/{CARD}")))


def corpus_folder(name: str) -> Path:
    """Return the folder of a corpus given by name or path.

    Raises:
        InputError: there is no such corpus.
    """
    if "/" in name or os.path.isdir(name):
        folder = Path(name)
        if not os.path.isfile(folder / CARD):  # unlike Path.is_file it does not raise for any name
            raise InputError(f"{folder}: not a corpus; expected a folder with {CARD} and a folder a debate")
        return folder
    if name not in shipped_corpora():
        raise unknown_name("corpus", name, shipped_corpora())
    return CORPORA / name


def debate_folders(corpus: Path) -> list[Path]:
    """Return the folders of the debates of a corpus, in order."""
    return sorted(path.parent for path in corpus.glob(f"*/{SOURCE}"))


def load_layers(folder: Path, text: tuple[Debate, Source] | None = None) -> dict[str, Layer]:
    """Read all stance layers of a debate's folder, keyed by annotator.

    Args:
        folder: of the debate.
        text: the debate and its source description, to check the layers against.

    Raises:
        LayerError: a layer is malformed, the second one of its annotator, or does not belong to the text.
    """
    return _by_annotator(folder, "stance", Layer.load, text)


def load_argument_layers(folder: Path, text: tuple[Debate, Source] | None = None) -> dict[str, ArgumentLayer]:
    """Read all argument layers of a debate's folder; see `load_layers`."""
    return _by_annotator(folder, "arguments", ArgumentLayer.load, text)


def _by_annotator(
    folder: Path, kind: str, load: Callable[[Path], _Layer], text: tuple[Debate, Source] | None
) -> dict[str, _Layer]:
    by_annotator: dict[str, _Layer] = {}
    for path in sorted(folder.glob(f"{kind}.*.jsonl")):
        layer = load(path)
        if layer.annotator in by_annotator:
            raise LayerError(f"{path}: a second layer of annotator {layer.annotator}; their names must differ")
        if text is not None:
            layer.check(*text, str(path))
        by_annotator[layer.annotator] = layer
    return by_annotator


def load_corpus(name: str, *, transcripts: str | os.PathLike[str] | None = None) -> Corpus:
    """Load a corpus by name or path, with the texts its layers belong to.

    Args:
        name: a shipped corpus, or the path of a corpus folder.
        transcripts: where to look for the transcripts where the corpus ships none: a file, a folder, or several
            separated as in PATH; by default the environment variable STANDPUNT_TRANSCRIPTS. A single file must be the
            annotated text.

    Raises:
        TranscriptMissing: the text of a debate ships with nothing and was not found.
        LayerError: a text differs from the one that was annotated; the first turn that differs is named.
        InputError: there is no such corpus, or a file of it is malformed.
    """
    folder = corpus_folder(name)
    card = read_card(folder)
    folders = debate_folders(folder)
    if not folders:
        raise InputError(f"{folder}: no debate in it; expected folders with {SOURCE}")
    parts = dict(divided(card))
    for debate, part in divided(card):
        if debate not in {path.name for path in folders}:
            raise unknown_name(f"debate in {folder / CARD}", debate, [path.name for path in folders])
        if part != parts[debate]:
            raise InputError(f"{folder / CARD}: debate {debate} is in two parts, {part} and {parts[debate]}")
    debates = tuple(
        _load_debate(path, transcripts, parts.get(path.name, TRAIN), only=len(folders) == 1) for path in folders
    )
    return Corpus(folder.name, str(card["title"]), bool(card["synthetic"]), debates, _issues(folder, debates))


def _issues(folder: Path, debates: Sequence[AnnotatedDebate]) -> dict[str, Issue]:
    """Return the issues that the layers name: the corpus's own (its folder issues) before the shipped ones."""
    own = load_issues(str(path) for path in sorted((folder / ISSUES).glob("*.yaml")))
    named = {issue for item in debates for layer in item.layers.values() for issue in layer.issues}
    return {name: own.get(name) or load_issue(name) for name in sorted(named)}


def _load_debate(folder: Path, transcripts: str | os.PathLike[str] | None, part: str, *, only: bool) -> AnnotatedDebate:
    source = Source.load(folder / SOURCE)
    debate = text_of(folder, source, transcripts, only=only)
    return AnnotatedDebate(folder.name, source, debate, load_layers(folder, (debate, source)), part)


def text_of(folder: Path, source: Source, transcripts: str | os.PathLike[str] | None, *, only: bool = True) -> Debate:
    """Return the text of a debate's folder, in the annotated paragraphs: the report in it, or the transcript it names.

    Args:
        folder: of the debate, in a corpus.
        source: its source description.
        transcripts: where to look; see `load_corpus`.
        only: whether the corpus holds no other debate; a single transcript is then taken for this one.

    Raises:
        TranscriptMissing: the text was not found.
    """
    report = report_in(folder)
    if report is not None and not source.is_recorded:
        return source.restore(read_report(report, source.sha256))
    places = transcripts_paths(transcripts) if report is None else (report,)
    if not places:
        raise TranscriptMissing(
            f"corpus {folder.parent.name} ships labels without the text of {source.title!r} ({source.date}); give its "
            f"transcript with --transcript FILE, paths.transcripts or the environment variable {VARIABLE}"
        )
    if source.is_recorded:
        return source.restore(find_recorded(source, places, debate_id=folder.name))
    if only and len(places) == 1 and places[0].is_file():
        # One text for one debate: if it differs, say where.
        return source.restore(read_debate(places[0], debate_id=folder.name))
    debate = find_transcript(source.sha256, places, debate_id=folder.name)
    if debate is None:
        raise TranscriptMissing(
            f"{os.pathsep.join(map(str, places))}: none of the files in it is the transcript of {source.title!r} "
            f"({source.date}, sha256 {source.sha256[:12]}…); put it there under any name"
        )
    return source.restore(debate)
