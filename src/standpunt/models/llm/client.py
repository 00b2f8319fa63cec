"""Talking to a server: one request at a time, repeated for what may pass, one sentence for what does not."""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from standpunt.errors import InputError, StandpuntError
from standpunt.models.llm.answers import Reply, form, read_completion
from standpunt.models.llm.limits import Limits
from standpunt.models.llm.prompts import Messages
from standpunt.models.llm.settings import ANSWERS, NO, LlmConfig
from standpunt.sources.retry_after import asked_wait

_PASSING = (408, 409, 425, 429, 500, 502, 503, 504, 529)
_FIRST_WAIT = 1.0  # seconds before the second try; twice as long before each that follows
_NO_MONEY = ("insufficient_quota", "billing", "credit balance", "exceeded your current quota")
_TOO_LONG = ("context_length", "context length", "context size", "context window", "maximum context", "too many tokens")
_TOKENIZING = ("llamacpp", "vllm")  # as their lists of models say who owns a model
_NO_CONNECTION = "it cannot be reached"
# Parameters that a server may not take, what says so of each in its answer, and what stands in for it.
_OPTIONAL = {
    "max_tokens": (("max_tokens",), "max_completion_tokens"),
    "response_format": (("response_format", "json_schema", "guided", "grammar"), None),
    "top_logprobs": (("top_logprobs", "logprobs"), None),
    "seed": (("seed",), None),
    "temperature": (("temperature",), None),
}


class _PassingError(Exception):
    """A request failed for what may pass; `wait`: the seconds that the server asks for."""

    def __init__(self, why: str, wait: float = 0.0) -> None:
        super().__init__(why)
        self.wait = wait


class Client:
    """Asks one server. The key is read from the environment and is in nothing that is said or raised."""

    def __init__(
        self,
        config: LlmConfig,
        labels: Sequence[str],
        limits: Limits,
        without: set[str],
        *,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        """Set up; nothing is sent.

        Args:
            config: how to ask.
            labels: of the form of an answer.
            limits: how fast.
            without: parameters that the server does not take; what is learnt of that is added.
            sleep: waits some seconds.

        Raises:
            InputError: openai is not installed, or the variable with the key is not set.
        """
        self.config, self._labels, self._limits, self.without = config, tuple(labels), limits, without
        self._sleep = sleep
        self._offers: bool | None = None  # a tokenizer
        self._key = _key(config.key_variable)
        try:
            import openai
        except ModuleNotFoundError:
            raise InputError(
                f"model {config.name} asks a language model, which needs the package openai; install it with pip "
                "install 'standpunt[llm]'"
            ) from None
        self._openai = openai
        self.api = openai.OpenAI(
            base_url=config.base_url, api_key=self._key or "none", max_retries=0, timeout=config.timeout
        )

    def models(self) -> list[str]:
        """Return the names of the models that the server has.

        Raises:
            InputError: it refuses the key, or does not tell.
            StandpuntError: it cannot be reached.
        """
        page = self.persist(lambda: self.api.models.list(), "the list of models")
        listed = list(getattr(page, "data", None) or [])
        self._offers = any(getattr(item, "owned_by", None) in _TOKENIZING for item in listed)
        return [str(item.id) for item in listed]

    def complete(self, model: str, messages: Messages, seed: int, tokens: int) -> Reply:
        """Ask one question.

        Args:
            model: its name.
            messages: of the question.
            seed: for a server that draws by one.
            tokens: that it takes about, for the limits.

        Raises:
            InputError: the key is refused, the model is not there, or the question is too long for it.
            StandpuntError: it fails time after time.
        """

        def once() -> Any:
            self._limits.wait(tokens, self._sleep)
            return self.api.chat.completions.create(
                **self.body(model, messages, seed), extra_body=self.config.options or None
            )

        while True:
            before = frozenset(self.without)
            try:
                return read_completion(self.persist(once, model), self.config.base_url)
            except _Unwanted as error:
                # Another thread may have left it out since this question was sent with it.
                unwanted = next((name for name in error.parameters if name not in before), None)
                if unwanted is None:
                    raise InputError(f"{error}; check the settings of model") from None
                self.without.add(unwanted)

    def body(self, model: str, messages: Messages, seed: int) -> dict[str, Any]:
        """Return a request as the server gets it, but for `model.options`."""
        config = self.config
        body: dict[str, Any] = {
            "model": model,
            "messages": [{"role": role, "content": text} for role, text in messages],
            "temperature": config.temperature,
            "seed": seed,
            "max_tokens": config.max_tokens,
        }
        if config.schema:
            schema = {"name": "answer", "strict": True, "schema": form(self._labels, quotation=config.quotation)}
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        if config.probabilities not in (ANSWERS, NO):
            body |= {"logprobs": True, "top_logprobs": config.top_logprobs}
        for parameter in tuple(self.without):
            value = body.pop(parameter, None)
            if parameter == "top_logprobs":
                body.pop("logprobs", None)
            other = _OPTIONAL[parameter][1]
            if other is not None and value is not None:
                body[other] = value
        return body

    def count_tokens(self, model: str, messages: Messages) -> int | None:
        """Return the tokens of a question by the server's own tokenizer; None for a server that has none to offer.

        Only a server that says it is llama.cpp or vLLM is asked: no other gets a question that is only counted.
        """
        if self._offers is None:
            self._offers = False
            with suppress(StandpuntError):
                self.models()
        if not self._offers:
            return None
        root = self.config.base_url.rstrip("/").removesuffix("/v1")
        chat = [{"role": role, "content": text} for role, text in messages]
        whole = self._post(f"{root}/apply-template", {"messages": chat})  # llama.cpp
        if isinstance(whole.get("prompt"), str):
            tokens = self._post(f"{root}/tokenize", {"content": whole["prompt"], "add_special": True}).get("tokens")
            if isinstance(tokens, list):
                return len(tokens)
        count = self._post(f"{root}/tokenize", {"model": model, "messages": chat}).get("count")  # vLLM
        return count if isinstance(count, int) else None

    def _post(self, url: str, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return what a server answers that may not know the address; nothing where it does not."""
        import requests

        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        try:
            with requests.post(url, json=data, headers=headers, timeout=self.config.timeout) as response:
                answer = response.json() if response.status_code == 200 else {}
        except (requests.RequestException, ValueError):
            return {}
        return answer if isinstance(answer, dict) else {}

    def persist(self, once: Callable[[], Any], what: str) -> Any:
        """Do something until it goes well or the tries are used up.

        Args:
            once: asks the server.
            what: is asked for, for messages.

        Raises:
            InputError: the server refuses it.
            StandpuntError: it fails time after time.
        """
        config, openai = self.config, self._openai
        why = ""
        for number in range(1, config.tries + 1):
            try:
                return once()
            except openai.APITimeoutError:
                error = _PassingError(f"no answer within {config.timeout:g} s (model.timeout)")
            except openai.APIStatusError as said:
                error = self._status(said, what)
            except openai.APIConnectionError as said:
                error = _PassingError(_connection(said))
            except (openai.APIResponseValidationError, json.JSONDecodeError, openai.APIError):
                error = _PassingError("the answer breaks off or is no JSON")
            why = str(error)
            wait = max(error.wait, min(_FIRST_WAIT * 2 ** (number - 1), config.longest_wait))
            if wait > config.longest_wait:
                raise StandpuntError(
                    f"{config.base_url}: {why}, with the request to wait {wait:.0f} s, more than model.longest_wait; "
                    "try again after that: what was answered is kept"
                )
            if number < config.tries:
                if error.wait:
                    self._limits.pause(error.wait)
                # Threads that failed together do not come back together.
                self._sleep(wait if error.wait else wait * random.uniform(0.75, 1.0))
        tries = f"{config.tries} tries" if config.tries > 1 else "1 try"
        advice = "start the server, or correct model.base_url" if why == _NO_CONNECTION else "try again later"
        raise StandpuntError(f"{config.base_url}: {why} ({tries}); {advice}: what was answered is kept")

    def _status(self, said: Any, what: str) -> _PassingError:
        """Return the error of a status that may pass, and raise that of one that does not.

        Raises:
            InputError: the key is refused, the model is not there, or the request is not understood.
            StandpuntError: there is no money left.
            _Unwanted: the server does not take one of its parameters.
        """
        config, status, message = self.config, int(said.status_code), self._message(said)
        where, low = config.base_url, message.lower()
        if status in (401, 403):
            raise InputError(f"{where}: the key was refused ({status}); {self._advice_on_key()}")
        if status == 402 or (status == 429 and any(word in low for word in _NO_MONEY)):
            raise StandpuntError(
                f"{where}: there is no credit left ({status}: {message}); add to it and give the same command again: "
                "what was answered is kept"
            )
        if status in _PASSING:
            wait = asked_wait(said.response.headers.get("retry-after"), datetime.now(UTC))
            return _PassingError(f"{status} was answered" + (f" ({message})" if message else ""), wait)
        if any(word in low for word in _TOO_LONG) or status == 413:
            raise TooLongError(
                f"{where}: a question is too long for {what} ({message}); show fewer examples (model.examples), cut "
                "long turns (model.max_words), or give the server a larger context"
            )
        if status == 404 and "model" in low:
            raise InputError(f"{where}: it has no model {what!r}; {self._known_models()}")
        if status == 404:
            raise InputError(f"{where}: nothing answers there (404); the address usually ends in /v1")
        if status in (400, 422):
            unwanted = [name for name, (words, _) in _OPTIONAL.items() if any(word in low for word in words)]
            if unwanted:
                raise _Unwanted(unwanted, f"{where}: {status} was answered ({message})")
        raise InputError(f"{where}: {status} was answered ({message or 'nothing said'}); check the settings of model")

    def _message(self, said: Any) -> str:
        """Return what a server says of an error, short and without the key."""
        body = said.body
        if isinstance(body, Mapping):
            inner = body.get("error", body)
            text = inner.get("message", "") if isinstance(inner, Mapping) else inner
            code = inner.get("code") or inner.get("type") if isinstance(inner, Mapping) else None
            text = f"{text} [{code}]" if isinstance(code, str) and code not in str(text) else text
        else:
            text = body or ""
        text = " ".join(str(text).split())
        return (text.replace(self._key, "…") if self._key else text)[:200]

    def _advice_on_key(self) -> str:
        name = self.config.key_variable
        if name is None:
            return "name the environment variable that holds it, e.g. model.key_variable=OPENAI_API_KEY"
        return f"check what the environment variable {name} holds"

    def _known_models(self) -> str:
        try:
            names = [str(item.id) for item in self.api.models.list().data]
        except Exception:  # whatever it is, the model is still unknown
            names = []
        return f"it has {', '.join(names[:10])}; set model.model" if names else "set model.model to one that it has"


class TooLongError(InputError):
    """A question does not fit the context of the model."""


class _Unwanted(Exception):
    """The server does not take one of these parameters."""

    def __init__(self, parameters: list[str], message: str) -> None:
        super().__init__(message)
        self.parameters = parameters


def _key(variable: str | None) -> str | None:
    if variable is None:
        return None
    key = os.environ.get(variable, "").strip()
    if not key:
        raise InputError(
            f"the environment variable {variable} (model.key_variable) is not set; set it to the key of the server"
        )
    return key


def _connection(said: Exception) -> str:
    """Return in words why a connection failed."""
    cause = said.__cause__
    return _NO_CONNECTION if cause is not None and "Connect" in type(cause).__name__ else "the connection was cut"
