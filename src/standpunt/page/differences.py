"""The page of where annotators differ: one HTML file without a script, the worst first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from standpunt import __version__
from standpunt.annotation.differences import Difference, differences
from standpunt.annotation.issues import Issue
from standpunt.annotation.layers import NONE, Layer
from standpunt.annotation.sources import Source
from standpunt.debate import Debate, Turn
from standpunt.page.downloads import proposition
from standpunt.page.templates import asset, environment
from standpunt.page.text import Evidence, Piece, paragraphs
from standpunt.page.words import Words

MOST = 200  # differences on a page
_WHOLE = 120  # words of a turn that is shown whole


@dataclass(frozen=True)
class Compared:
    """A debate with the layers to compare; `issues` has the definitions that are at hand, by name."""

    source: Source
    debate: Debate
    layers: Sequence[Layer]
    issues: Mapping[str, Issue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A difference as it is drawn; `short` is what is shown of a long turn before it is opened."""

    difference: Difference
    compared: Compared
    turn: Turn
    whole: list[list[Piece]]
    short: list[list[Piece]]
    answers: str

    @property
    def words(self) -> int:
        return len(self.turn.text.split())


def differences_page(
    title: str, members: Sequence[Compared], pairs: Sequence[Mapping[str, Any]], *, most: int = MOST
) -> tuple[str, int]:
    """Return the page as HTML, and how many differences there are in all; whatever comes from outside is escaped.

    Args:
        title: the heading.
        members: the debates.
        pairs: agreement of each two annotators, see `standpunt.annotation.pair_agreement`.
        most: how many differences are shown.
    """
    found = differences([(item.source, item.layers) for item in members])
    words = Words("en")
    html = (
        environment()
        .get_template("differences.html.jinja")
        .render(
            title=title,
            t=words,
            no_label=NONE,
            found=found,
            opposite=sum({"favor", "against"} <= {said.label for said in one.said} for one in found),
            entries=[_entry(one, members[one.debate]) for one in found[:most]],
            several=len(members) > 1,
            pairs=pairs,
            models={layer.annotator: layer.made_by for item in members for layer in item.layers if layer.made_by},
            proposition=lambda issue: proposition(issue, words.language),
            style=Markup(asset("page.css")),
            version=__version__,
        )
    )
    return html, len(found)


def _entry(difference: Difference, compared: Compared) -> _Entry:
    debate, turn = compared.debate, compared.debate.turn(difference.turn)
    evidence = [
        Evidence(span, place, said.label) for place, said in enumerate(difference.said) for span in said.evidence
    ]
    whole = paragraphs(turn.text, evidence)
    marked = [paragraph for paragraph in whole if any(piece.evidence for piece in paragraph)]
    short = whole if len(turn.text.split()) <= _WHOLE else marked or whole[:1]
    answered = debate.turn(turn.replies_to) if turn.replies_to else None
    answers = "" if answered is None else f"answers {answered.speaker.name}, turn {answered.ordinal}"
    return _Entry(difference, compared, turn, whole, short, answers)
