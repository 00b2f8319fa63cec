"""In which precision, and on how many threads, a network is run: measured where it is not said.

Some processors multiply matrices of bfloat16 several times as fast as those of float32 (AMX, AVX512-BF16, most GPUs);
others have no units for it and are many times slower. And threads that share busy cores wait for one another. Both are
told by running what transformers are made of, two linear layers with an activation between them, for a fraction of a
second, once a process.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from standpunt.errors import require

if TYPE_CHECKING:
    import torch

_LOG = logging.getLogger(__name__)

AUTO, FLOAT32, BFLOAT16 = "auto", "float32", "bfloat16"
PRECISIONS = (AUTO, FLOAT32, BFLOAT16)
NUMBER_BYTES = {FLOAT32: 4, BFLOAT16: 2}
_CLEARLY = 1.3  # times as fast; what is less may be chance
_ROWS, _WIDTH = 256, 768  # four windows of a base-sized encoder
_REPEATS, _SECONDS = 7, 0.15


@dataclass(frozen=True, slots=True)
class Computing:
    """How a network is run; `threads` is None where torch decides."""

    precision: str
    threads: int | None


_noted: dict[str, Computing] = {}


def chosen(precision: str, threads: int | None, device: torch.device) -> Computing:
    """Return how to run a network on a device: as asked for, and where that is left open as measured.

    Raises:
        InputError: there is no such precision.
    """
    require(precision in PRECISIONS, "model.precision", precision, f"one of {', '.join(PRECISIONS)}")
    if device.type != "cpu":
        import torch

        fast = torch.cuda.is_bf16_supported(including_emulation=False)
        return Computing((BFLOAT16 if fast else FLOAT32) if precision == AUTO else precision, threads)
    if precision == AUTO:
        precision = BFLOAT16 if times_as_fast() >= _CLEARLY else FLOAT32
    elif precision == BFLOAT16 and times_as_fast() < 1 / _CLEARLY:
        _say_that_it_is_slow()
    return Computing(precision, threads if threads is not None else _threads(precision))


def note(encoder: str, computing: Computing) -> None:
    """Remember how an encoder is run in this process."""
    _noted[encoder] = computing


def noted() -> dict[str, dict[str, Any]]:
    """Return how each encoder that was loaded in this process is run, by its name, for the record of a run."""
    return {name: asdict(computing) for name, computing in _noted.items()}


@cache  # once a process
def _say_that_it_is_slow() -> None:
    _LOG.warning(
        "this processor has no units for bfloat16 and is %.0f times as fast with float32; set model.precision to auto "
        "or float32",
        1 / times_as_fast(),
    )


@cache
def times_as_fast() -> float:
    """Return how many times as fast this processor is with bfloat16 as with float32, on one thread."""
    with on_threads(1):
        usual = min(_times(FLOAT32))
        return usual / min(_times(BFLOAT16, at_most=2 * usual))


@cache
def _threads(precision: str) -> int | None:
    """Return one thread, or None where as many as torch takes are clearly faster at this moment."""
    import torch

    if torch.get_num_threads() == 1:
        return 1
    several = float(np.median(_times(precision)))
    with on_threads(1):
        return None if several * _CLEARLY < float(np.median(_times(precision))) else 1


@contextmanager
def on_threads(threads: int | None) -> Generator[None]:
    """Let torch take so many threads within the block; None leaves it as it is."""
    import torch

    before = torch.get_num_threads()
    if threads is None or threads == before:
        yield
        return
    torch.set_num_threads(threads)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _times(precision: str, at_most: float | None = None) -> list[float]:
    """Return the seconds of some runs; a first one beyond `at_most` is all that is made."""
    run = _block(precision)
    run()  # what the library prepares for a shape it does not prepare again
    times: list[float] = []
    while len(times) < _REPEATS and sum(times) < _SECONDS:
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
        if at_most is not None and times[0] > at_most:
            break
    return times


def _block(precision: str) -> Callable[[], Any]:
    import torch
    from torch.nn.functional import gelu, linear

    draw = torch.Generator().manual_seed(0)

    def drawn(*shape: int) -> torch.Tensor:
        return torch.randn(shape, generator=draw).to(getattr(torch, precision))

    given, wider, narrower = drawn(_ROWS, _WIDTH), drawn(4 * _WIDTH, _WIDTH), drawn(_WIDTH, 4 * _WIDTH)

    def run() -> torch.Tensor:
        with torch.inference_mode():
            return linear(gelu(linear(given, wider)), narrower)

    return run
