"""How fast a server may be asked."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

MINUTE = 60.0


class Limits:
    """At most so many requests, and so many tokens, in any minute; for all threads that ask one server."""

    def __init__(
        self,
        requests: int | None,
        tokens: int | None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Set up; without a number there is no limit."""
        self._requests, self._tokens, self._clock = requests, tokens, clock
        self._sent: deque[tuple[float, int]] = deque()  # when, and how many tokens
        self._not_before = 0.0
        self._lock = threading.Lock()

    def wait(self, tokens: int, sleep: Callable[[float], object] = time.sleep) -> None:
        """Wait until a request of so many tokens may be sent, and count it as sent.

        One that is larger than the limit of a minute goes when nothing else was sent for a minute.
        """
        while (seconds := self._claim(tokens)) > 0:
            sleep(seconds)

    def pause(self, seconds: float) -> None:
        """Let nobody send anything for some seconds: the server asked for it."""
        with self._lock:
            self._not_before = max(self._not_before, self._clock() + seconds)

    def _claim(self, tokens: int) -> float:
        """Return how long to wait before trying again; 0 where the request is counted."""
        with self._lock:
            now = self._clock()
            if now < self._not_before:
                return self._not_before - now
            while self._sent and self._sent[0][0] <= now - MINUTE:
                self._sent.popleft()
            full = self._requests is not None and len(self._sent) >= self._requests
            if self._tokens is not None and self._sent:
                full = full or sum(count for _, count in self._sent) + tokens > self._tokens
            if full:
                return self._sent[0][0] + MINUTE - now
            self._sent.append((now, tokens))
            return 0.0
