"""Questions sent as a batch: answered later and for less, by the endpoints that OpenAI and others have for it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from standpunt.errors import StandpuntError
from standpunt.models.llm.answers import Reply, read_completion
from standpunt.models.llm.client import Client
from standpunt.models.llm.prompts import Messages
from standpunt.models.llm.store import AnswerStore

ENDPOINT = "/v1/chat/completions"
WINDOW = "24h"
MOST = 50_000  # questions a batch, and bytes of its file, that OpenAI takes
_MOST_BYTES = 190_000_000
_UNDER_WAY = ("validating", "in_progress", "finalizing", "cancelling")


def sent_as_batches(
    client: Client,
    store: AnswerStore,
    model: str,
    questions: Mapping[str, tuple[Messages, int]],
    keep: Callable[[str, Reply], None],
    pause: Callable[[float], None],
) -> None:
    """Send questions as batches and wait for their answers; batches that were sent before are fetched, not sent again.

    A process that is killed while it waits loses nothing: the next one finds the batch in the store.

    Args:
        client: talks to the server.
        store: knows which batches were sent.
        model: by its name on the server.
        questions: by key, the messages and the seed.
        keep: is given each reply with its key.
        pause: waits some seconds.

    Raises:
        InputError: the server refuses the key or the file, or has no batches.
        StandpuntError: a batch failed, or some of its questions were not answered; those that were are kept.
    """
    address = client.config.base_url
    under_way = {name: keys for name, keys in store.batches(address).items() if keys & questions.keys()}
    sent, batches = frozenset[str]().union(*under_way.values()), list(under_way)
    left = {key: question for key, question in questions.items() if key not in sent}
    for lines in _files(client, model, left):
        content = "\n".join(lines.values()).encode()
        file = client.persist(lambda data=content: _upload(client, data), "the file of a batch")
        batch = client.persist(lambda name=file.id: _create(client, name), "a batch")
        store.sent(batch.id, address, lines)
        batches.append(batch.id)
    problems = [problem for name in batches for problem in _fetched(client, store, name, keep, pause)]
    if problems:
        raise StandpuntError(
            f"{address}: {len(problems)} questions of a batch were not answered ({problems[0]}); the others are kept: "
            "give the same command again to send these once more"
        )


def _files(client: Client, model: str, questions: Mapping[str, tuple[Messages, int]]) -> Iterator[dict[str, str]]:
    """Yield the lines of each file, by key."""
    lines: dict[str, str] = {}
    size = 0
    for key, (messages, seed) in questions.items():
        body = client.body(model, messages, seed) | client.config.options
        line = json.dumps({"custom_id": key, "method": "POST", "url": ENDPOINT, "body": body}, ensure_ascii=False)
        if len(lines) == MOST or size + len(line.encode()) > _MOST_BYTES:
            yield lines
            lines, size = {}, 0
        lines[key] = line
        size += len(line.encode()) + 1
    if lines:
        yield lines


def _upload(client: Client, content: bytes) -> Any:
    return client.api.files.create(file=("questions.jsonl", content), purpose="batch")


def _create(client: Client, file: str) -> Any:
    return client.api.batches.create(input_file_id=file, endpoint=ENDPOINT, completion_window=WINDOW)


def _fetched(
    client: Client,
    store: AnswerStore,
    name: str,
    keep: Callable[[str, Reply], None],
    pause: Callable[[float], None],
) -> list[str]:
    """Wait for a batch and keep its answers; return why each of the others is none.

    Raises:
        StandpuntError: the batch failed as a whole.
    """
    what = f"batch {name}"
    while (batch := client.persist(lambda: client.api.batches.retrieve(name), what)).status in _UNDER_WAY:
        pause(client.config.batch_wait)
    problems: list[str] = []
    for file in (batch.output_file_id, batch.error_file_id):
        if file is None:
            continue
        text = client.persist(lambda one=file: client.api.files.content(one).text, what)
        for line in text.splitlines():
            problem = _answer(line, client.config.base_url, keep)
            problems += [] if problem is None else [problem]
    store.fetched(name)
    if batch.status != "completed" and batch.output_file_id is None:
        said = "; ".join(str(error.message) for error in (batch.errors.data if batch.errors else None) or [])
        raise StandpuntError(
            f"{client.config.base_url}: {what} is {batch.status} ({said or 'nothing said'}); correct what it says, or "
            "set model.batch=false, and give the same command again"
        )
    if batch.status != "completed":
        problems.append(f"it is {batch.status}")
    return problems


def _answer(line: str, where: str, keep: Callable[[str, Reply], None]) -> str | None:
    """Keep the answer of a line of a batch's file; return why it is none, None where it is one."""
    try:
        data = json.loads(line)
        key, response, error = str(data["custom_id"]), data.get("response") or {}, data.get("error") or {}
        if response.get("status_code") == 200:
            keep(key, read_completion(response["body"], where))
            return None
        said = error.get("message") or ((response.get("body") or {}).get("error") or {}).get("message")
        return str(said or f"status {response.get('status_code')}")
    except (ValueError, KeyError, TypeError, AttributeError):
        return "a line is no answer"
