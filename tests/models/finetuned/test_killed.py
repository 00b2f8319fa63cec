"""Trainings that are killed for good, and machines with too little memory: in processes of their own."""

import json
import os
import resource
import signal
import sys
from pathlib import Path

import pytest

from forked import run_forked
from standpunt.corpora.corpus import load_corpus
from standpunt.errors import StandpuntError
from standpunt.models import Model, build
from standpunt.models.finetuned.settings import CrossEncoderConfig
from standpunt.prediction.predictor import predict_debate
from tiny_bert import save_tiny_bert


def train_model(config, rows, out, kill_at, megabytes):
    """Train and save a model; end by SIGKILL after so many examples, or with so much memory for the training."""

    def watch(done, total, loss):
        if done == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    model = build(CrossEncoderConfig(**config), ("favor", "against", "neutral"), {})
    model.watch = watch
    if megabytes:
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + megabytes * 2**20,) * 2)
    try:
        model.fit(rows, seed=3).save(out)
    except StandpuntError as error:
        sys.exit(f"{error.exit_code} {error}")


@pytest.fixture
def train(tiny_encoder, rows, tmp_path):
    """Return a function that trains in a process of its own and returns how that ended."""

    def start(out, *, kill_at=0, megabytes=0, n_rows=20, **changes):
        config = {
            "encoder": tiny_encoder, "epochs": 2, "lora_rank": 4, "window_words": 60, "max_tokens": 64,
            "batch_size": 8, "checkpoint_every": 2, "dev_share": 0.3, "evaluate_every": 3, "patience": 0, "threads": 1,
        }  # fmt: skip
        given = (config | changes, (rows * 50)[:n_rows], str(tmp_path / out), kill_at, megabytes)
        return run_forked(train_model, given, tmp_path, {**os.environ, "TOKENIZERS_PARALLELISM": "false"})

    return start


def weights(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.safetensors"))}


@pytest.mark.slow
def test_training_killed_with_sigkill_ends_with_the_same_weights(train, tmp_path):
    assert train("whole").returncode == 0
    checkpoints = {"checkpoints": str(tmp_path / "checkpoints")}
    killed = train("resumed", kill_at=8 * 5, **checkpoints)
    assert killed.returncode == -signal.SIGKILL
    assert not (tmp_path / "resumed").exists()
    (folder,) = (tmp_path / "checkpoints").iterdir()
    state = json.loads((folder / "state.json").read_text())
    assert (state["done"], len(state["dev"])) == (4, 1)
    resumed = train("resumed", **checkpoints)
    assert resumed.returncode == 0, resumed.stderr
    assert weights(tmp_path / "resumed") == weights(tmp_path / "whole") != {}
    facts = [json.loads((tmp_path / name / "pooling.json").read_text()) for name in ("resumed", "whole")]
    assert facts[0] == facts[1]
    assert list((tmp_path / "checkpoints").iterdir()) == []


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="limits the memory as Linux does")
def test_too_little_memory_is_said_in_one_sentence(train, rows, tmp_path):
    wide = str(save_tiny_bert(tmp_path / "wide", [row["text"] for row in rows], hidden=1024, layers=1))
    # A batch takes 150 MB for each of the many results in between; additions to the network take little.
    ended = train("model", megabytes=400, n_rows=400, batch_size=400, epochs=1, encoder=wide)
    assert ended.returncode == 1, ended.stderr
    assert ended.stderr.splitlines() == [
        "1 too little memory to train model cross_encoder; give it less at a time (a smaller model.batch_size or "
        "model.max_tokens, fewer rows) or take a machine with more"
    ]
    assert not (tmp_path / "model").exists()


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        RuntimeError("[enforce fail at alloc_cpu.cpp:127] . DefaultCPUAllocator: can't allocate memory: you tried ..."),
        RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB"),
    ],
    ids=["Python", "torch", "CUDA"],
)
@pytest.mark.parametrize("method", ["_fit", "_predict_proba", "predict_with_evidence"])
def test_memory_that_ran_out_is_a_failure_and_no_bad_input(make, rows, monkeypatch, error, method):
    def fail(*_):
        raise error

    def use():
        model.fit(rows).calibrate(rows)
        predict_debate(model, load_corpus("fictional").debates[0].debate, ["no_fly_zone"], evidence=True, anyway=True)

    model = make("majority")
    monkeypatch.setattr(model, method, fail, raising=False)
    with pytest.raises(StandpuntError, match=r"too little memory to (train|predict with) model majority") as caught:
        use()
    assert caught.value.exit_code == 1
    assert "\n" not in str(caught.value)


def test_other_errors_are_not_taken_for_it(make, rows, monkeypatch):
    def fail(*_):
        raise RuntimeError("shape mismatch")

    model: Model = make("majority")
    monkeypatch.setattr(model, "_fit", fail)
    with pytest.raises(RuntimeError, match="shape mismatch"):
        model.fit(rows)
