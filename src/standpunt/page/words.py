"""What pages say by themselves, in English and in Dutch: the tables of all of them, and a reader of these."""

from __future__ import annotations

from dataclasses import dataclass

from standpunt.errors import unknown_name
from standpunt.page.debate_words import DEBATE_WORDS
from standpunt.page.site_words import SITE_WORDS

LANGUAGES = ("en", "nl")
WORDS = DEBATE_WORDS | SITE_WORDS  # a key that ends in ":1" is said of one thing
SCRIPT = ("turns", "turns:1", "some_turns", "turn", "show_turns", "disputed", "cabinet", "favor", "against", "neutral")


@dataclass(frozen=True, slots=True)
class Words:
    """What the page says in one language, one of `LANGUAGES`."""

    language: str = "en"

    def __post_init__(self) -> None:
        """Refuse a language that the table does not have.

        Raises:
            InputError: it is none of `LANGUAGES`.
        """
        if self.language not in LANGUAGES:
            raise unknown_name("language of the page", self.language, LANGUAGES)

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the words of a key; with `n`, those said of one thing where it is one and they differ."""
        if values.get("n") == 1 and f"{key}:1" in WORDS:
            key = f"{key}:1"
        text = WORDS[key][LANGUAGES.index(self.language)]
        return text.format(**values) if values else text

    def term(self, name: str) -> str:
        """Return the words for a kind of turn, a role, a label or a frame; of one that is not known, its name."""
        return self(name) if name in WORDS else name.replace("_", " ")

    def script(self) -> dict[str, str]:
        """Return what the page's script says."""
        kinds = ("speech", "interruption", "reply", "motion", "chair", "procedural")
        return {key: self(key) for key in (*SCRIPT, *kinds)}
