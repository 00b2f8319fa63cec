"""Layers put together record by record from another format, each checked where it stands."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from standpunt.annotation.arguments import ArgumentLayer, Sentence, check_links, check_sentence
from standpunt.annotation.issues import shipped_issues
from standpunt.annotation.layers import CODEBOOK, Label, Layer, check_label
from standpunt.annotation.standoff import check_anchor, check_name, check_texts
from standpunt.debate import Span, Turn
from standpunt.errors import LayerError, unknown_name
from standpunt.exchange.annotations import Annotations


class Collector:
    """Takes the records of a file for a debate, and gives layers in which every record has been checked.

    `where` is always the place in the file that an error names.
    """

    def __init__(self, debate: Annotations) -> None:
        """Begin without layers; of those of `debate` codebook and issues count, where a file does not say which."""
        self._base = debate.without_layers()
        self._codebooks = {name: layer.codebook for name, layer in debate.stance.items()}
        self._argument_codebooks = {name: layer.codebook for name, layer in debate.arguments.items()}
        self._issues = {*debate.issues, *debate.definitions, *shipped_issues()}
        self._stance: dict[str, tuple[tuple[str, ...], int]] = {}
        self._arguments: dict[str, int] = {}
        self._labels: defaultdict[str, dict[tuple[int, str], Label]] = defaultdict(dict)
        self._sentences: defaultdict[str, list[tuple[Sentence, str]]] = defaultdict(list)
        self._seen: defaultdict[str, set[tuple[int, str]]] = defaultdict(set)
        self._read: defaultdict[str, set[int]] = defaultdict(set)

    def stance_layer(self, annotator: str, issues: Iterable[str], where: str, codebook: int | None = None) -> None:
        """Declare the stance layer of an annotator; a second declaration adds issues.

        Raises:
            LayerError: the name cannot be part of a file's, or an issue is no text.
        """
        check_name(annotator, where)
        issues = tuple(issues)
        for issue in issues:
            check_texts({"issue": issue}, where)
        number = self._codebooks.get(annotator, CODEBOOK) if codebook is None else codebook
        known, number = self._stance.get(annotator, ((), number))
        self._stance[annotator] = tuple(dict.fromkeys([*known, *issues])), number

    def argument_layer(self, annotator: str, where: str, codebook: int | None = None) -> None:
        """Declare the argument layer of an annotator.

        Raises:
            LayerError: the name cannot be part of a file's.
        """
        check_name(annotator, where)
        number = self._argument_codebooks.get(annotator, 1) if codebook is None else codebook
        self._arguments.setdefault(annotator, number)

    def has(self, annotator: str, kind: str) -> bool:
        """Tell whether a layer ("stance", "arguments") of an annotator was declared."""
        return annotator in (self._stance if kind == "stance" else self._arguments)

    def source(self, sha256: object, where: str) -> None:
        """Make sure that a file is about this debate.

        Raises:
            LayerError: it names another text.
        """
        if sha256 != self._base.source.sha256:
            raise LayerError(
                f"{where}: it belongs to another text ({str(sha256)[:12]}) than {self._base.source.title!r} "
                f"({self._base.source.date}, {self._base.source.sha256[:12]}); nothing was imported"
            )

    def turn(self, ordinal: object, where: str) -> Turn:
        """Return the turn with this ordinal.

        Raises:
            LayerError: there is no such turn.
        """
        turns = self._base.debate.turns
        if type(ordinal) is not int or not 1 <= ordinal <= len(turns):
            raise LayerError(f"{where}: there is no turn {ordinal!r}; the debate has {len(turns)}")
        return turns[ordinal - 1]

    def text(self, turn: Turn, same: bool, where: str) -> None:
        """Make sure that a file's text of a turn is the turn's, as the caller found out.

        Raises:
            LayerError: it is not.
        """
        if not same:
            raise LayerError(
                f"{where}: its text is not that of turn {turn.ordinal} ({turn.speaker.name}) of "
                f"{self._base.source.title!r}; nothing was imported, use the debate that was exported"
            )

    def quote(self, turn: Turn, start: object, end: object, text: object, where: str) -> Span:
        """Return a span of a turn as two numbers; where the file quotes its words, they must be there.

        Raises:
            LayerError: the offsets are no numbers, lie outside, or hold other words.
        """
        if type(start) is not int or type(end) is not int:
            raise LayerError(f"{where}: expected whole numbers as offsets, got {start!r} and {end!r}")
        check_anchor(self._base.debate, turn.ordinal, turn.speaker.name, [(start, end)], "characters", where)
        if text is not None and words(str(text)) != words(turn.text[start:end]):
            raise LayerError(
                f"{where}: characters {start}-{end} of turn {turn.ordinal} are {turn.text[start:end][:40]!r}, "
                f"not {str(text)[:40]!r}"
            )
        return start, end

    def label(self, annotator: str, label: Label, where: str) -> None:
        """Take a stance label.

        Raises:
            LayerError: the label or the issue is unknown, an anchor is wrong, or the pair has a label already.
        """
        issues, codebook = self._stance[annotator]
        check_label(label, issues, codebook, where)
        what = f"evidence on {label.issue}"
        check_anchor(self._base.debate, label.turn, label.speaker, label.evidence, what, where)
        key = label.turn, label.issue
        if key in self._labels[annotator]:
            raise LayerError(f"{where}: a second label of {annotator} on turn {label.turn} and {label.issue}")
        self._labels[annotator][key] = label

    def saw_pair(self, annotator: str, turn: int, issue: str) -> None:
        """Take that a file speaks of a pair: where it gives no label there, the annotator gives none."""
        self._seen[annotator].add((turn, issue))

    def read_turn(self, annotator: str, turn: int) -> None:
        """Take that a file speaks of a turn's sentences: what it does not give there, the annotator took back."""
        self._read[annotator].add(turn)

    def on_issue(self, annotator: str, issue: str, where: str) -> None:
        """Make sure that the stance layer of an annotator is on an issue.

        Raises:
            LayerError: it is not.
        """
        issues, _ = self._stance[annotator]
        if issue not in issues:
            raise LayerError(f"{where}: {unknown_name('issue', issue, issues)}")

    def known_issue(self, issue: str, where: str) -> None:
        """Make sure that an issue is one of the debate's layers or a defined one.

        Raises:
            LayerError: it is not.
        """
        if issue not in self._issues:
            hint = "one of your own needs a file in the folder issues of the corpus"
            raise LayerError(f"{where}: {unknown_name('issue', issue, self._issues)}; {hint}")

    def sentence(self, annotator: str, sentence: Sentence, where: str) -> None:
        """Take a sentence of an argument layer; whether it is there twice and its target are checked at the end.

        Raises:
            LayerError: a value is unknown or out of place, or an anchor is wrong.
        """
        check_sentence(sentence, where)
        check_anchor(self._base.debate, sentence.turn, sentence.speaker, [sentence.span], "sentence", where)
        self._sentences[annotator].append((sentence, where))

    def annotations(self) -> Annotations:
        """Return the debate with all layers that were declared, sorted.

        Raises:
            LayerError: an annotator has a sentence twice, or a premise points to what is no claim of its turn.
        """
        for taken in self._sentences.values():
            check_links(taken)
        sha256 = self._base.source.sha256
        stance: dict[str, Layer] = {}
        for name, (issues, codebook) in self._stance.items():
            labels = tuple(label for _, label in sorted(self._labels[name].items()))
            stance[name] = Layer(name, issues, sha256, labels, codebook)
        arguments: dict[str, ArgumentLayer] = {}
        for name, codebook in self._arguments.items():
            sentences = sorted(
                (sentence for sentence, _ in self._sentences[name]), key=lambda one: (one.turn, one.span)
            )
            arguments[name] = ArgumentLayer(name, sha256, tuple(sentences), codebook)
        return replace(
            self._base,
            stance=stance,
            arguments=arguments,
            seen={name: frozenset(pairs) for name, pairs in self._seen.items()},
            read={name: frozenset(turns) for name, turns in self._read.items()},
        )


def words(text: str) -> str:
    """Return what must be the same in two texts: tools change white space and Unicode form, not words."""
    return unicodedata.normalize("NFC", " ".join(text.replace("\\n", " ").split()))
