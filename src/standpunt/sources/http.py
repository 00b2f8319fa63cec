"""A polite client: requests one by one and spaced, retried with growing waits; downloads that are resumed and checked.

A file that was fetched stands beside a JSON file with its url, sha256 and time. It is written under a hidden name and
put in place when it is complete: a kill leaves a hidden part, which the next call goes on with, and never half a file.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, TypeVar

import requests
from urllib3.exceptions import LocationParseError

from standpunt import __version__
from standpunt.errors import InputError, StandpuntError
from standpunt.sources.retry_after import asked_wait
from standpunt.storage.files import write_text

if sys.platform != "win32":
    import fcntl

T = TypeVar("T")

# Statuses that may be gone at the next try.
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
# Servers that do not know a file's type name one of these; the content is looked at anyway.
_UNTYPED = frozenset({"", "application/octet-stream", "binary/octet-stream", "text/plain"})
_BAD_URLS = (
    requests.exceptions.InvalidURL, requests.exceptions.MissingSchema, requests.exceptions.InvalidSchema,
    LocationParseError,
)  # fmt: skip
_CHUNK = 1 << 14  # what is lost at most where a connection is cut


class FetchError(StandpuntError):
    """A service cannot be reached, fails, or answers something else than was asked for."""


class NotFoundError(FetchError):
    """The service does not have what was asked for."""


class _PassingError(Exception):
    """What may go better at the next try."""

    def __init__(self, why: str, wait: float = 0.0) -> None:
        super().__init__(why)
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Manners:
    """How to treat a service; times in seconds.

    Attributes:
        tries: how often a request is sent before giving up.
        backoff: the wait before the second try; it doubles with each next one. Without jitter, so always the same.
        longest: the longest wait; a service that asks for more (Retry-After) is left alone.
        interval: the least time between two requests.
        connect: how long making a connection may take.
        read: how long the service may be silent.
    """

    tries: int = 5
    backoff: float = 1.0
    longest: float = 60.0
    interval: float = 0.5
    connect: float = 10.0
    read: float = 60.0


class Client:
    """Fetches pages and files over HTTP.

    Args:
        manners: waits and limits; by default those of `Manners`.
        tell: called with a sentence about what is being done.
        watch: called with how many bytes of a download there are, and of how many; None where the service does not say.
        sleep: waits a number of seconds.
        clock: tells seconds that only go up.
        now: tells the date and time, with its zone.
    """

    def __init__(
        self,
        manners: Manners | None = None,
        *,
        tell: Callable[[str], object] = lambda _: None,
        watch: Callable[[int, int | None], object] = lambda have, size: None,
        sleep: Callable[[float], object] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.manners = manners or Manners()
        self.tell, self._watch = tell, watch
        self._sleep, self._clock, self._now = sleep, clock, now
        self._next = clock()
        self._session = requests.Session()
        self._session.headers["User-Agent"] = f"standpunt/{__version__}"

    def get_json(self, url: str) -> dict[str, object]:
        """Return the JSON object that `url` answers.

        Raises:
            NotFoundError: there is nothing at `url`.
            FetchError: the service cannot be reached, fails time after time, or answers something else.
        """

        def once() -> dict[str, object]:
            with self._get(url, {"Accept": "application/json"}) as response:
                _require_type(response, "json")
                try:
                    page = json.loads(response.content)
                except ValueError:  # most often an answer that breaks off
                    raise _PassingError("invalid JSON was answered") from None
            if not isinstance(page, dict):
                raise FetchError(f"{url}: JSON without an object was answered; check the address")
            return page

        return self._persist(url, once)

    def download(
        self,
        url: str,
        target: Path,
        *,
        kind: str,
        since: datetime | None = None,
        fault: Callable[[Path], str | None] = lambda _: None,
    ) -> Path:
        """Write what `url` answers to `target`, unless it is there already, and return `target`.

        Args:
            url: what to fetch.
            target: where to write it; its folder is made.
            kind: what the content type must mention, e.g. "xml".
            since: fetch again what was fetched before this moment.
            fault: says what is wrong with a file that was fetched, None where nothing is.

        Raises:
            NotFoundError: there is nothing at `url`.
            FetchError: as for `get_json`.
            StandpuntError: the file cannot be written, or another process is fetching it.
        """
        if is_cached(target, url, since):
            self.tell(f"{target}: there already")
            return target
        part = target.with_name(f".{target.name}.part")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with _claimed(part) as stream:
                self._persist(url, lambda: self._fill(url, part, stream, kind, fault))
                entry = {"url": url, "sha256": _digest(part), "time": self._now().isoformat(), "since": _iso(since)}
                if sys.platform == "win32":
                    stream.close()  # an open file cannot be renamed there
                part.replace(target)
        except OSError as error:
            with suppress(OSError):
                part.unlink(missing_ok=True)
                _entry_of(part).unlink(missing_ok=True)
            raise StandpuntError(f"{target}: cannot be written ({error.strerror or error})") from error
        _entry_of(part).unlink(missing_ok=True)
        write_text(_entry_of(target), json.dumps(entry, indent=2) + "\n")
        return target

    def _fill(self, url: str, part: Path, stream: BinaryIO, kind: str, fault: Callable[[Path], str | None]) -> None:
        """Fetch what is missing of a part, or all of it where the server cannot tell whether its file has changed."""
        have = stream.seek(0, os.SEEK_END)
        validator = _validator_of(part, url) if have else None
        headers = {"Accept-Encoding": "identity"}  # an encoded answer can neither be measured nor continued
        if validator:
            headers |= {"Range": f"bytes={have}-", "If-Range": validator}
        with self._get(url, headers) as response:
            begin, size = _extent(response)
            if response.status_code == 416 or begin not in (0, have):
                stream.truncate(0)
                raise _PassingError("the download could not be continued")
            _require_type(response, kind)
            if begin == 0:
                stream.truncate(0)
                _note_validator(part, url, response)
            else:
                self.tell(f"{url}: going on after {have} bytes")
            for chunk in response.iter_content(_CHUNK):
                stream.write(chunk)
                stream.flush()
                self._watch(stream.tell(), size)
        written = stream.seek(0, os.SEEK_END)
        wrong = f"{written} of {size} bytes came" if size not in (None, written) else fault(part)
        if wrong:
            stream.truncate(0)
            raise _PassingError(wrong)

    @contextmanager
    def _get(self, url: str, headers: Mapping[str, str]) -> Generator[requests.Response]:
        """Send one request, when it is time for it, and give the answer to read."""
        if (wait := self._next - self._clock()) > 0:
            self._sleep(wait)
        self._next = self._clock() + self.manners.interval
        begun = False
        try:
            timeout = (self.manners.connect, self.manners.read)
            with self._session.get(url, headers=dict(headers), stream=True, timeout=timeout) as response:
                begun = True
                status = f"{response.status_code} {response.reason or ''}".strip()
                if response.status_code in _PASSING:
                    wait = asked_wait(response.headers.get("Retry-After"), self._now())
                    raise _PassingError(f"{status} was answered", wait)
                if response.status_code in (404, 410):
                    raise NotFoundError(f"{url}: nothing is there ({status}); check the address")
                if not (response.status_code == 200 or (response.status_code in (206, 416) and "Range" in headers)):
                    raise FetchError(f"{url}: {status} was answered; check the address")
                yield response
        except _BAD_URLS as error:
            raise InputError(f"{url}: not an address; expected one such as https://example.org/path") from error
        except requests.exceptions.SSLError as error:
            raise FetchError(f"{url}: the certificate is not trusted; check the network and the address") from error
        except requests.RequestException as error:
            slow = "timed out" in str(error)  # between two chunks it is a ConnectionError
            raise _PassingError(
                "no answer in time" if slow else "the connection was cut" if begun else "it cannot be reached"
            ) from error

    def _persist(self, url: str, once: Callable[[], T]) -> T:
        """Try until it goes well or the tries are used up."""
        manners = self.manners
        for number in range(1, manners.tries + 1):
            try:
                return once()
            except _PassingError as error:
                why, asked = str(error), error.wait
            wait = max(asked, min(manners.backoff * 2 ** (number - 1), manners.longest))
            if wait > manners.longest:
                raise FetchError(f"{url}: {why}, with the request to wait {wait:.0f} s; try again after that")
            if number < manners.tries:
                self.tell(f"{url}: {why}; trying again in {wait:g} s")
                self._sleep(wait)
        raise FetchError(
            f"{url}: {why} ({manners.tries} tries); check the network and the address, or try again later: "
            "what was fetched so far is kept"
        )


def is_cached(target: Path, url: str, since: datetime | None = None) -> bool:
    """Tell whether `target` is, byte for byte, what was fetched from `url`, not before `since`."""
    try:
        entry = json.loads(_entry_of(target).read_text("utf-8"))
        # The service's clock may be ahead of ours: what was fetched for this very moment is fresh as well.
        known = entry.get("since") == _iso(since)
        fresh = since is None or known or datetime.fromisoformat(entry["time"]) >= since
        return fresh and entry["url"] == url and entry["sha256"] == _digest(target)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):  # nothing there, or not what was written
        return False


@contextmanager
def _claimed(part: Path) -> Generator[BinaryIO]:
    """Open a part to go on with; two processes writing one would spoil it."""
    with part.open("a+b") as stream:
        if sys.platform != "win32":
            busy = StandpuntError(f"{part}: another process is fetching this file; wait for it and try again")
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise busy from None
            # The other process may have put it in place after it was opened here.
            if not (part.exists() and os.path.samestat(part.stat(), os.fstat(stream.fileno()))):
                raise busy
        try:
            yield stream
        finally:
            if part.exists() and not part.stat().st_size:
                part.unlink()  # nothing came


def _require_type(response: requests.Response, kind: str) -> None:
    content_type = response.headers.get("Content-Type", "").split(";")[0].strip().lower()
    if kind not in content_type and content_type not in _UNTYPED:
        raise FetchError(
            f"{response.url}: {content_type} was answered, expected {kind.upper()}; the service may be down for "
            "maintenance (try again later), or the address may be wrong"
        )


def _extent(response: requests.Response) -> tuple[int | None, int | None]:
    """Return where an answer begins in its file and the size of the whole file, as far as the headers tell."""
    if response.status_code == 200:
        length = response.headers.get("Content-Length", "")
        encoded = "Content-Encoding" in response.headers
        return 0, int(length) if length.isdecimal() and not encoded else None
    span, _, size = response.headers.get("Content-Range", "").removeprefix("bytes ").partition("/")
    begin = span.split("-")[0]
    return int(begin) if begin.isdecimal() else None, int(size) if size.isdecimal() else None


def _note_validator(part: Path, url: str, response: requests.Response) -> None:
    """Keep what tells later whether the server's file is still the one that a part is of."""
    tag = response.headers.get("ETag", "")
    validator = tag if tag and not tag.startswith("W/") else response.headers.get("Last-Modified")
    if validator and "Content-Encoding" not in response.headers:
        write_text(_entry_of(part), json.dumps({"url": url, "validator": validator}))
    else:
        _entry_of(part).unlink(missing_ok=True)


def _validator_of(part: Path, url: str) -> str | None:
    try:
        note = json.loads(_entry_of(part).read_text("utf-8"))
        return str(note["validator"]) if note["url"] == url else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _entry_of(file: Path) -> Path:
    return file.with_name(f"{file.name}.json")


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat()


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
