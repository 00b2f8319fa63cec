"""Building the page of a debate: one HTML file that needs no network, nothing in it but our own script runs."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from markupsafe import Markup

from standpunt import __version__
from standpunt.analysis.course import stance_course
from standpunt.analysis.motions import motion_stances
from standpunt.analysis.replies import replies
from standpunt.analysis.stance_map import By, side, stance_map
from standpunt.analysis.stances import position_holder
from standpunt.annotation.layers import STANCES
from standpunt.debate import CABINET, Debate, Turn
from standpunt.page.content import Content
from standpunt.page.downloads import map_csv, proposition
from standpunt.page.figures import HEIGHT, WIDTH, courses, place, reliability_points, risk_coverage_points
from standpunt.page.templates import asset, environment
from standpunt.page.text import Evidence, Piece, paragraphs
from standpunt.page.words import Words
from standpunt.parliament.votes import join_votes

KINDS = ("speech", "interruption", "reply", "motion", "chair", "procedural")
_STRONG = 0.6


@dataclass(frozen=True, slots=True)
class Map:
    """A stance map ready to draw: its columns, and the cell of each (issue, holder), None where it is not addressed."""

    by: By
    holders: tuple[str, ...]
    cells: dict[tuple[str, str], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class TurnView:
    """A turn as it is drawn."""

    turn: Turn
    answers: Turn | None
    stances: Sequence[Any]
    paragraphs: list[list[Piece]]


def debate_page(content: Content) -> str:
    """Return the page as HTML; whatever comes from outside is escaped."""
    debate, stances = content.debate, content.stances
    counts = stances["issue"].value_counts()
    issues = sorted(counts.index, key=lambda name: (-counts[name], name))
    numbers = {name: number for number, name in enumerate(issues)}
    script = asset("page.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    turns = list(_turns(content, numbers))
    maps = [_map(content, by) for by in ("party", "speaker")]
    return (
        environment()
        .get_template("page.html.jinja")
        .render(
            content=content,
            debate=debate,
            title=content.title.strip() or content.words("debate_title"),
            t=content.words,
            reliability=content.reliability,
            propositions={
                name: proposition(issue, content.words.language) for name, issue in (content.issues or {}).items()
            },
            cabinet=CABINET,
            language=content.language or "",  # said to be unknown; without it, it would be that of the page
            evidence=any(map(len, stances["evidence"])),
            shared=any(len(piece.sides) > 1 for view in turns for pieces in view.paragraphs for piece in pieces),
            issues=issues,
            numbers=numbers,
            counts=counts.to_dict(),
            definitions=content.issues or {},
            maps=maps,
            courses=courses(stance_course(stances), issues, len(debate.turns)),
            width=WIDTH,
            height=HEIGHT,
            marks=[(place(ordinal, len(debate.turns)), text) for ordinal, text in _terms(debate, content.words)],
            replies=replies(debate, stances).to_dict("records"),
            motions=_motions(content),
            curves=_curves(content.scored, content.words),
            turns=turns,
            kinds=[kind for kind in KINDS if any(turn.kind == kind for turn in debate.turns)],
            data=_index(content, numbers),
            style=Markup(asset("page.css")),
            script=Markup(script),
            script_hash=digest,
            version=__version__,
        )
    )


def _map(content: Content, by: By) -> Map:
    rows = stance_map(content.stances, by=by).to_dict("records")
    cells = {(row["issue"], row["holder"]): row | drawn(row) for row in rows}
    addressed = pd.Series([holder for _, holder in cells], dtype=object).value_counts()
    holders = sorted(addressed.index, key=lambda name: (name == CABINET, -addressed[name], name))
    return Map(by, tuple(holders), cells)


def drawn(cell: dict[str, Any]) -> dict[str, Any]:
    """Return how a cell is drawn: its side, its step on the colour scale, the size of its mark (where it is known)."""
    lean = side(cell["value"])
    return {
        "side": lean,
        "tone": lean if abs(cell["value"]) >= _STRONG or lean == "mixed" else f"{lean}-weak",
        "scale": 0.4 + 0.6 * cell.get("certainty", 1.0),
    }


def _turns(content: Content, numbers: dict[str, int]) -> Iterable[TurnView]:
    debate = content.debate
    by_turn: dict[int, list[Any]] = {}
    for row in content.stances.to_dict("records"):
        by_turn.setdefault(row["ordinal"], []).append(row)
    sentences: dict[int, list[Any]] = {}
    for sentence in content.sentences:
        sentences.setdefault(sentence.turn, []).append(sentence)
    for turn in debate.turns:
        rows = sorted(by_turn.get(turn.ordinal, ()), key=lambda row: numbers[row["issue"]])
        evidence = [Evidence(span, numbers[row["issue"]], row["stance"]) for row in rows for span in row["evidence"]]
        answers = debate.turn(turn.replies_to) if turn.replies_to else None
        yield TurnView(turn, answers, rows, paragraphs(turn.text, evidence, sentences.get(turn.ordinal, ())))


def _terms(debate: Debate, words: Words) -> list[tuple[int, str]]:
    """Return where terms begin, but the first."""
    terms: list[tuple[int, str]] = []
    term = debate.turns[0].term if debate.turns else 1
    for turn in debate.turns:
        if turn.term > term:
            term = turn.term
            terms.append((turn.ordinal, words("term", n=str(term))))
    return terms


def _motions(content: Content) -> list[dict[str, Any]]:
    debate = content.debate
    votes = content.votes or debate.votes
    positions = motion_stances(debate, content.stances, votes)
    motions = []
    for motion, vote in join_votes(debate.motions, votes):
        turn = debate.turn(motion.turn)
        own = positions[positions["turn"] == turn.ordinal]
        sides: dict[str, list[str]] = {}
        for party, voted in (vote.votes if vote else {}).items():
            sides.setdefault(voted, []).append(party)
        motions.append(
            {
                "motion": motion,
                "turn": turn,
                "advice_turn": debate.turn(motion.advice_turn) if motion.advice_turn else None,
                "result": vote.result if vote else None,
                "votes": sides,
                "counts": vote.counts if vote else {},
                "issues": sorted(set(own["issue"])),
                "differs": [
                    {**row, "turn": debate.turn(row["said"]), "quote": _quote(content, row["said"], row["issue"])}
                    for row in own[own["differs"].astype(bool)].to_dict("records")
                ],
            }
        )
    return motions


def _quote(content: Content, ordinal: int, issue: str) -> str:
    """Return the evidence of a turn's stance, empty where none is known."""
    rows = content.stances[(content.stances["ordinal"] == ordinal) & (content.stances["issue"] == issue)]
    text = content.debate.turn(ordinal).text
    return " … ".join(text[start:end] for spans in rows["evidence"] for start, end in sorted(spans))


def _curves(scored: pd.DataFrame | None, words: Words) -> list[dict[str, Any]]:
    """Return the curves of a run on this debate: calibration, and risk over coverage."""
    if scored is None or scored.empty:
        return []
    probabilities = scored[[name for name in scored if str(name).startswith("p_")]].dropna(axis=1, how="all")
    confidence = probabilities.max(axis=1).to_numpy(float)
    right = (scored["gold"] == scored["predicted"]).to_numpy(bool)
    return [
        {
            "title": words("calibration"),
            "x": words("calibration_x"),
            "y": words("calibration_y"),
            "diagonal": True,
            "points": reliability_points(confidence, right),
        },
        {
            "title": words("risk"),
            "x": words("risk_x"),
            "y": words("risk_y"),
            "diagonal": False,
            "points": risk_coverage_points(confidence, right),
        },
    ]


def _index(content: Content, numbers: dict[str, int]) -> dict[str, Any]:
    """Return what the script filters by, a compact record a turn in the order of the page, and what it downloads."""
    debate, stances = content.debate, content.stances
    holders = list(dict.fromkeys(position_holder(turn) for turn in debate.turns if turn.speaker.role != "chair"))
    speakers = list(dict.fromkeys(turn.speaker.name for turn in debate.turns))
    labels: dict[int, list[list[int]]] = {}
    for row in stances.to_dict("records"):
        label = [numbers[row["issue"]], STANCES.index(row["stance"]), int(row["disputed"])]
        labels.setdefault(row["ordinal"], []).append(label)
    return {
        "issues": list(numbers),
        "stances": list(STANCES),
        "holders": holders,
        "speakers": speakers,
        "cabinet": CABINET,
        "words": content.words.script(),
        "csv": {by: map_csv(content, by).decode("utf-8") for by in ("party", "speaker")} if len(stances) else {},
        "turns": [
            [
                turn.ordinal,
                turn.kind,
                -1 if turn.speaker.role == "chair" else holders.index(position_holder(turn)),
                speakers.index(turn.speaker.name),
                labels.get(turn.ordinal, []),
            ]
            for turn in debate.turns
        ],
    }
