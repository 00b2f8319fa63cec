"""Suggestions as draft issue files, to be edited before they are used."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

import pandas as pd
import yaml

from standpunt.analysis.discovery.suggestions import Suggestion
from standpunt.annotation.issues import LANGUAGE, TO_WRITE, load_issues, shipped_issues
from standpunt.prediction.relevance import relevance
from standpunt.text.letters import unaccented
from standpunt.text.wording import counted

_EXAMPLES, _ALIASES, _NAMED = 8, 6, 3
_PLAIN = range(7, 41)  # words of a claim that may be a proposition
_WORD = re.compile(r"[^\W\d_]{5,}")
_COMMON = 0.05  # a word in more than so many of all sentences tells nothing
_REQUEST = re.compile(
    r"^(?:[▪•●○■–−-] ?)?(?:en )?(?:verzoekt|verzoeken) (?P<whom>(?:de|het|zijn) (?:demissionaire )?[\w-]+)"
    r"(?: dan ook)?,?(?: om)?\s+(?P<what>.+)$",
    re.IGNORECASE | re.DOTALL,
)
_DECLARES = re.compile(
    r"^(?:en )?spreekt (?:als haar mening )?uit,?(?P<dat> dat)? (?P<what>.+)$", re.IGNORECASE | re.DOTALL
)
# A verb of two parts is written as one where "te" goes: "in te stellen", "moet instellen".
_APART = "aan|af|bij|door|in|mee|na|om|onder|op|open|over|samen|tegen|terug|toe|uit|vast|voor|voort|vrij|weg"
_VERB = re.compile(rf"(?:\b(?P<apart>{_APART}) )?\bte (?P<verb>\w+(?:en|gaan|staan|slaan|doen|zien))\b")
_TEXTS = {
    "nl": {
        "definition": f"{TO_WRITE['nl']} wat hoort erbij, en wat niet? Woorden die hier opvallen: {{words}}.",
        "pro": f"{TO_WRITE['nl']} wat zegt wie hiervoor is?",
        "con": f"{TO_WRITE['nl']} wat zegt wie hiertegen is?",
    },
    "en": {
        "definition": f"{TO_WRITE['en']} what belongs to it, and what does not? Words that stand out here: {{words}}.",
        "pro": f"{TO_WRITE['en']} what does somebody say who is for it?",
        "con": f"{TO_WRITE['en']} what does somebody say who is against it?",
    },
}
LANGUAGES = tuple(_TEXTS)


@dataclass(frozen=True)
class Draft:
    """A draft of an issue: its name, the proposition, and the text of its file."""

    name: str
    proposition: str
    likest: str
    suggestion: Suggestion
    text: str


def drafts_of(
    suggestions: Sequence[Suggestion], sayings: pd.DataFrame, *, language: str = LANGUAGE, quotes: bool = True
) -> list[Draft]:
    """Write suggestions as issue files.

    The proposition is what a motion asks, in the form of a proposition, or else a claim (see `proposition_of`). The
    poles are for the user to write. How often the matter comes up, who speaks about it and where stands in comments.

    Args:
        suggestions: as `standpunt.analysis.discovery.suggestions.suggest` returns them.
        sayings: all sentences of the debates.
        language: of the debates, one of `LANGUAGES`.
        quotes: whether examples are quoted; otherwise debate and turn are named.
    """
    common = Counter(word for text in sayings["text"] for word in set(_words(text)))
    likest = _likest(suggestions, language)
    taken = set(shipped_issues())
    drafts = []
    for suggestion, near in zip(suggestions, likest, strict=True):
        words = _telling(suggestion, common, len(sayings))
        proposition = proposition_of(suggestion, words)
        name = _name(words, taken)
        taken.add(name)
        text = _file(name, proposition, words, near, suggestion, language, quotes=quotes)
        drafts.append(Draft(name, proposition, near, suggestion, text))
    return drafts


def proposition_of(suggestion: Suggestion, words: Sequence[str] = ()) -> str:
    """Return the proposition of a suggestion.

    Args:
        suggestion: the matter.
        words: those that stand out in it.

    Returns:
        What the most central motion asks, or else the claim that has most of the first words, and of these the most
        central one; a question or a very short or long claim is taken where there is no other.
    """
    sayings = suggestion.sayings
    if sayings["request"].any():
        return as_proposition(sayings.loc[sayings["request"], "text"].iloc[0])
    claims = sayings[sayings["claim"]]
    texts = (claims if len(claims) else sayings)["text"].tolist()
    plain = [text for text in texts if len(text.split()) in _PLAIN and not text.rstrip().endswith("?")] or texts
    telling = set(words[:_ALIASES])
    return as_proposition(max(plain, key=lambda text: len(telling.intersection(_words(text)))))


def _with_verb(what: str) -> str:
    """Return what is asked with its first infinitive as it stands behind "moet"."""
    return _VERB.sub(lambda found: (found["apart"] or "") + found["verb"], what, count=1)


def as_proposition(text: str) -> str:
    """Turn a Dutch request into what somebody can be for or against; any other sentence stays as it is.

    "verzoekt de regering een zone in te stellen" becomes "De regering moet een zone instellen."
    """
    text = " ".join(text.split()).strip(" ,;")
    declared, asked = _DECLARES.match(text), _REQUEST.match(text)
    if declared and declared["dat"]:
        text = declared["what"]
    elif declared:
        text = f"De Kamer wil {_with_verb(declared['what'])}"
    elif asked:
        text = f"{asked['whom']} moet {_with_verb(asked['what'])}"
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _file(
    name: str,
    proposition: str,
    words: Sequence[str],
    near: str,
    suggestion: Suggestion,
    language: str,
    *,
    quotes: bool,
) -> str:
    texts = _TEXTS[language]
    by = ", ".join(f"{holder} {count}" for holder, count in suggestion.holders.most_common())
    times = counted(len(suggestion.turns), "turn"), counted(suggestion.speakers, "speaker")
    lines = [
        "Draft of standpunt issues suggest. Write definition and poles, correct the proposition, then use the file",
        "with --issues. The sentences below are why it was suggested; leave these comments out where you publish it.",
        f"How often: {times[0]} of {times[1]} in {counted(suggestion.debates, 'debate')}, "
        f"{counted(suggestion.motions, 'motion')}.",
        f"By whom (turns): {by}.",
        f"The issue that ships and is likest in its words: {near}.",
        "Examples:",
    ]
    for example in suggestion.sayings.drop_duplicates(["debate", "ordinal"]).head(_EXAMPLES).to_dict("records"):
        said = f": {' '.join(example['text'].split())}" if quotes else ""
        who = f"{example['speaker']}, {example['holder']}"
        lines.append(f"- {example['debate']}, turn {example['ordinal']} ({who}){said}")
    comments = "".join(f"# {part}\n" for line in lines for part in wrap(line, 116, subsequent_indent="  "))
    record: dict[str, Any] = {
        "name": name,
        "proposition": {language: proposition},
        "definition": {language: texts["definition"].format(words=", ".join(words))},
        "pro": {language: texts["pro"]},
        "con": {language: texts["con"]},
        "aliases": list(words[:_ALIASES]),
    }
    return comments + yaml.safe_dump(record, allow_unicode=True, sort_keys=False, width=116)


def _telling(suggestion: Suggestion, common: Counter[str], sentences: int) -> list[str]:
    """Return the words that stand out in a suggestion, the most telling first."""
    import math

    own = Counter(word for text in suggestion.sayings["text"] for word in set(_words(text)))
    scores = {
        word: count * math.log(sentences / common[word])
        for word, count in own.items()
        if common[word] <= max(_COMMON * sentences, 2)
    }
    ranked = sorted(scores, key=lambda word: (-scores[word], word))
    return ranked[: 2 * _ALIASES]


def _likest(suggestions: Sequence[Suggestion], language: str) -> list[str]:
    """Return for each suggestion the issue that ships whose words are likest."""
    issues = list(load_issues(shipped_issues()).values())
    texts = [" ".join(one.sayings["text"].head(_EXAMPLES)) for one in suggestions]
    if not texts:
        return []
    return [issues[int(place)].name for place in relevance(texts, issues, language).argmax(axis=1)]


def _name(words: Sequence[str], taken: Collection[str]) -> str:
    plain = [re.sub(r"[^a-z0-9]", "", unaccented(word).lower()) for word in words[:_NAMED]]
    name = "_".join(word for word in plain if word) or "issue"
    return next(one for one in (name, *(f"{name}_{number}" for number in range(2, len(taken) + 3))) if one not in taken)


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]
