"""Debates, turns, tables and runs as HTML, for notebooks; all text is escaped."""

from __future__ import annotations

from collections import Counter
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from standpunt.debate import Debate, Turn
    from standpunt.evaluation.tables import Table
    from standpunt.runs import Run

_SHOWN = 12
_LEFT = ' style="text-align: left"'


def turn_html(turn: Turn) -> str:
    """Return a turn: who speaks, in which kind of turn, and the text."""
    paragraphs = "".join(f"<p>{escape(part)}</p>" for part in turn.text.split("\n\n"))
    return f'<article style="max-width: 44rem"><b>{_who(turn)}</b> · {_place(turn)}{paragraphs}</article>'


def debate_html(debate: Debate) -> str:
    """Return a debate: its size, who speaks how often, and how it begins."""
    kinds = Counter(turn.kind for turn in debate.turns)
    facts = [debate.date, f"{len(debate.turns)} turns", f"{len(debate.motions)} motions"]
    counts = ", ".join(f"{escape(name)} {count}" for name, count in debate.speaker_counts().items())
    rows = "".join(
        f"<tr><td>{turn.ordinal}</td><td>{_who(turn)}</td><td>{turn.kind}</td>"
        f'<td style="text-align: left">{escape(_beginning(turn.text))}</td></tr>'
        for turn in debate.turns[:_SHOWN]
    )
    more = len(debate.turns) - _SHOWN
    return (
        f"<div><b>{escape(debate.title)}</b><br>{' · '.join(escape(fact) for fact in facts if fact)} "
        f"({', '.join(f'{kind} {count}' for kind, count in kinds.most_common())})"
        f"<details><summary>{len(debate.speaker_counts())} speakers</summary>{counts}</details>"
        "<table><thead><tr><th>turn</th><th>speaker</th><th>kind</th><th>text</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>{f'and {more} more turns' if more > 0 else ''}</div>"
    )


def table_html(table: Table) -> str:
    """Return a results table with its title and footnotes."""
    head = _cells("th", table.columns)
    body = "".join(f"<tr>{_cells('td', row)}</tr>" for row in table.rows) or "<tr><td>no rows</td></tr>"
    notes = "".join(f"<div><small>{escape(note)}</small></div>" for note in table.notes)
    return (
        f'<div style="overflow-x: auto"><b>{escape(table.title)}</b>'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{notes}</div>"
    )


def run_html(run: Run) -> str:
    """Return a run: what it was, its main scores on each corpus or why it failed, and where it is kept."""
    from standpunt.summary import summarise

    status = run.status
    title, shown = run.folder.name, [f"<p>{escape(status.get('error', ''))}</p>"]
    if run.finished:
        config = run.config()
        title = f"{config['name']}: {config['model']['name']} on {config['corpus']['name']}, seed {config['seed']}"
        summary = summarise([run])
        shown = [table_html(one.main_table()) for one in summary.comparisons]
        shown += [f"<p>Not tested: {escape(reason)}</p>" for reason in summary.skipped]
    seconds = f" in {status['seconds']} s" if "seconds" in status else ""
    return (
        f"<div><b>{escape(title)}</b><br>{escape(status['state'])}{seconds} · <code>{escape(str(run.folder))}</code>"
        f"{''.join(shown)}</div>"
    )


def _cells(tag: str, row: Iterable[str]) -> str:
    """Return the cells of a row; the first column is text, the others are numbers as a rule."""
    return "".join(f"<{tag}{'' if place else _LEFT}>{escape(cell)}</{tag}>" for place, cell in enumerate(row))


def _who(turn: Turn) -> str:
    party = f" ({turn.speaker.party})" if turn.speaker.party else ""
    return escape(f"{turn.speaker.name}{party}")


def _place(turn: Turn) -> str:
    floor = f" · {turn.floor} has the floor" if turn.floor and turn.floor != turn.speaker.name else ""
    return escape(f"turn {turn.ordinal} · {turn.kind}{floor}")


def _beginning(text: str, length: int = 90) -> str:
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[: length - 1]}…"
