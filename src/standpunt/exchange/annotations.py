"""A debate with everything that was annotated on it: read from its folder, written as a folder of layers."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from standpunt.annotation.arguments import ArgumentLayer, Sentence
from standpunt.annotation.issues import Issue, load_issue, load_issues, shipped_issues
from standpunt.annotation.layers import Label, Layer
from standpunt.annotation.sources import SOURCE, Source
from standpunt.annotation.standoff import check_name, check_texts
from standpunt.corpora.corpus import load_argument_layers, load_layers, text_of
from standpunt.debate import Debate
from standpunt.errors import InputError, LayerError
from standpunt.storage.files import atomic_folder


@dataclass(frozen=True)
class Annotations:
    """A debate with its layers, keyed by annotator, and the definitions of issues that are at hand.

    A file may hold a part of what an annotator did. `seen` are the pairs (turn ordinal, issue) that it speaks of,
    `read` the turns (ordinals) that it speaks of for sentences: where it has no label or sentence there, none is meant.
    """

    source: Source
    debate: Debate
    stance: Mapping[str, Layer]
    arguments: Mapping[str, ArgumentLayer]
    definitions: Mapping[str, Issue] = field(default_factory=dict)
    seen: Mapping[str, frozenset[tuple[int, str]]] = field(default_factory=dict)
    read: Mapping[str, frozenset[int]] = field(default_factory=dict)

    @property
    def annotators(self) -> tuple[str, ...]:
        """The names of all annotators."""
        return tuple(sorted({*self.stance, *self.arguments}))

    @property
    def issues(self) -> tuple[str, ...]:
        """The names of all issues that were annotated, in the order of the layers."""
        return tuple(dict.fromkeys(issue for name in sorted(self.stance) for issue in self.stance[name].issues))

    def without_layers(self) -> Annotations:
        """Return the bare debate, to lay something else upon."""
        return replace(self, stance={}, arguments={})


def load_debate(folder: str | os.PathLike[str], transcripts: str | None = None, *, only: bool = True) -> Annotations:
    """Read a debate's folder without its layers: its source description and its text.

    Args:
        folder: with source.json, and report.txt where it ships.
        transcripts: where to look for a text that does not ship; see `standpunt.corpora.corpus.load_corpus`.
        only: whether a single transcript must be the text of this debate.

    Raises:
        LayerError: it is no such folder, or the text is another.
        TranscriptMissing: the text was not found.
    """
    place = Path(folder)
    if not (place / SOURCE).is_file():
        raise LayerError(f"{place}: no {SOURCE} in it; expected the folder of one debate, with its layers")
    source = Source.load(place / SOURCE)
    about = {"title": source.title, "date": source.date, "language": source.language}
    check_texts(about, str(place / SOURCE))
    # A debate is named by its folder, and "." says no name.
    debate = text_of(place if place.name.strip(".") else place.resolve(), source, transcripts, only=only)
    source.check(debate, str(place / SOURCE))
    return Annotations(source, debate, {}, {})


def load_annotations(
    folder: str | os.PathLike[str], transcripts: str | None = None, *, only: bool = True
) -> Annotations:
    """Read a debate's folder with all its layers, every anchor checked; see `load_debate`.

    Raises:
        LayerError: it is no such folder, a layer is malformed, or it belongs to another text.
        TranscriptMissing: the text was not found.
    """
    place = Path(folder)
    bare = load_debate(place, transcripts, only=only)
    text = bare.debate, bare.source
    stance = {name: _sorted_stance(layer, layer.labels) for name, layer in load_layers(place, text).items()}
    arguments = {
        name: _sorted_arguments(layer, layer.sentences) for name, layer in load_argument_layers(place, text).items()
    }
    for name in (*stance, *arguments):
        check_name(name, str(place))
    issues = {issue for layer in stance.values() for issue in layer.issues}
    known = {**_corpus_issues(place), **definitions(place, issues)}
    return replace(bare, stance=stance, arguments=arguments, definitions=known)


def updated(old: Annotations, new: Annotations) -> Annotations:
    """Lay new layers over older ones of the same debate.

    A stance label of the same annotator on the same pair is replaced, and all sentences of a turn that was read anew;
    what is not meant any more goes (see `Annotations`), and what the new layers do not touch stays.
    """
    stance, arguments = dict(old.stance), dict(old.arguments)
    for name, layer in new.stance.items():
        if name in stance:
            issues = tuple(dict.fromkeys([*stance[name].issues, *layer.issues]))
            anew = {*layer.by_pair(), *new.seen.get(name, ())}
            kept = [label for label in stance[name].labels if (label.turn, label.issue) not in anew]
            layer = _sorted_stance(replace(layer, issues=issues), [*kept, *layer.labels])
            if layer.labels == stance[name].labels:  # as it was, and so made by the model that made it
                layer = replace(stance[name], issues=issues)
        stance[name] = layer
    for name, sentences in new.arguments.items():
        if name in arguments:
            turns = {*sentences.turns, *new.read.get(name, ())}
            left = [item for item in arguments[name].sentences if item.turn not in turns]
            sentences = _sorted_arguments(sentences, [*left, *sentences.sentences])
        arguments[name] = sentences
    return replace(new, stance=stance, arguments=arguments, seen={}, read={})


def save_annotations(annotations: Annotations, out: str | os.PathLike[str]) -> None:
    """Write source.json and all layers to a new folder, whole or not at all.

    Raises:
        InputError: the folder exists and is not empty, or there is nothing to write.
        StandpuntError: writing failed; nothing is left behind.
    """
    refuse_existing(out)
    layers = [*annotations.stance.values(), *annotations.arguments.values()]
    if not layers:
        raise LayerError("there is no annotation in what was read; nothing was written")
    for layer in layers:
        check_name(layer.annotator, str(out))
    with atomic_folder(out) as folder:
        annotations.source.save(folder / SOURCE)
        for name, layer in annotations.stance.items():
            layer.save(folder / f"stance.{name}.jsonl", annotations.source)
        for name, layer in annotations.arguments.items():
            layer.save(folder / f"arguments.{name}.jsonl", annotations.source)


def save_layers(annotations: Annotations, folder: str | os.PathLike[str], annotators: Iterable[str]) -> None:
    """Write the layers of these annotators into the folder of their debate, each file in one step.

    A layer that is there already is replaced, whatever the name of its file.

    Raises:
        LayerError: the name of an annotator cannot be part of a file's.
        StandpuntError: writing failed.
    """
    place = Path(folder)
    for name in annotators:
        check_name(name, str(place))
    for kind, layers, load in (
        ("stance", annotations.stance, Layer.load),
        ("arguments", annotations.arguments, ArgumentLayer.load),
    ):
        files = {load(path).annotator: path for path in sorted(place.glob(f"{kind}.*.jsonl"))}
        for name in annotators:
            if name in layers:
                layers[name].save(files.get(name, place / f"{kind}.{name}.jsonl"), annotations.source)


def definitions(folder: Path, names: Iterable[str]) -> dict[str, Issue]:
    """Return the definitions of issues: the corpus's own (its folder issues) before the shipped ones.

    An issue that nothing defines is left out.
    """
    own = _corpus_issues(folder)
    shipped = set(shipped_issues())
    return {name: own.get(name) or load_issue(name) for name in sorted(names) if name in own or name in shipped}


def refuse_existing(out: str | os.PathLike[str]) -> None:
    """Refuse, before any work is done, a folder that could not be put in place.

    Raises:
        InputError: it exists and is not an empty folder.
    """
    place = Path(out)
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        raise InputError(f"{place}: exists already; choose a new folder")


def _corpus_issues(folder: Path) -> dict[str, Issue]:
    """Return the issues that the corpus of a debate's folder defines itself."""
    return load_issues(str(path) for path in sorted((folder.absolute().parent / "issues").glob("*.yaml")))


def _sorted_stance(layer: Layer, labels: Iterable[Label]) -> Layer:
    return replace(layer, labels=tuple(sorted(labels, key=lambda label: (label.turn, label.issue))))


def _sorted_arguments(layer: ArgumentLayer, sentences: Iterable[Sentence]) -> ArgumentLayer:
    return replace(layer, sentences=tuple(sorted(sentences, key=lambda item: (item.turn, item.span))))
