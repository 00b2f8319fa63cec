"""Precision and threads: as asked for, and where that is left open what this processor is faster with."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest
import torch

from standpunt.encoders import precision
from standpunt.encoders.precision import BFLOAT16, FLOAT32, Computing, chosen, on_threads
from standpunt.encoders.resolve import Encoder
from standpunt.encoders.sentence import SentenceEncoder
from standpunt.errors import InputError
from standpunt.models.frozen.vectors import Vectors
from tiny_gemma import save_tiny_gemma

CPU = torch.device("cpu")
TEXTS = [f"De brug moet open, voorzitter, zegt lid {number}." for number in range(12)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return save_tiny_gemma(tmp_path_factory.mktemp("gemma") / "tiny", TEXTS)


def loaded(folder, **options):
    return SentenceEncoder(Encoder("tiny", str(folder)), **options)


@pytest.mark.parametrize(("times", "expected"), [(8.0, BFLOAT16), (1.1, FLOAT32), (0.05, FLOAT32)])
def test_auto_takes_what_is_clearly_faster(monkeypatch, times, expected):
    monkeypatch.setattr(precision, "times_as_fast", lambda: times)
    assert chosen("auto", 1, CPU) == Computing(expected, 1)


def test_what_is_asked_for_is_given(monkeypatch, caplog):
    monkeypatch.setattr(precision, "_threads", lambda *about: pytest.fail("measured"))
    assert chosen("float32", 3, CPU) == Computing(FLOAT32, 3)
    monkeypatch.setattr(precision, "times_as_fast", lambda: 3.0)
    assert chosen("bfloat16", 1, CPU) == Computing(BFLOAT16, 1)
    assert caplog.messages == []


def test_bfloat16_without_units_for_it_is_given_with_a_sentence(monkeypatch, caplog):
    monkeypatch.setattr(precision, "times_as_fast", lambda: 0.05)
    precision._say_that_it_is_slow.cache_clear()
    for _ in range(2):
        assert chosen("bfloat16", 1, CPU) == Computing(BFLOAT16, 1)
    (message,) = caplog.messages
    assert "no units for bfloat16 and is 20 times as fast with float32; set model.precision to auto or" in message
    precision._say_that_it_is_slow.cache_clear()


def test_threads_that_wait_for_one_another_are_left_out(monkeypatch):
    with on_threads(2):
        for several, alone, expected in ((1.0, 1.0, 1), (0.4, 1.0, None)):
            monkeypatch.setattr(
                precision, "_times", lambda *about, s=several, a=alone: [s if torch.get_num_threads() == 2 else a]
            )
            precision._threads.cache_clear()
            assert precision._threads(FLOAT32) == expected
        assert torch.get_num_threads() == 2
    precision._threads.cache_clear()


def test_unknown_precision_is_refused():
    with pytest.raises(InputError, match=r"model.precision is int8; expected one of auto, float32, bfloat16"):
        chosen("int8", None, CPU)


def test_measuring_takes_about_a_second_where_there_are_no_units_and_chooses_float32():
    """oneDNN is told to use no more than AVX2, as on a processor without units for bfloat16."""
    code = (
        "import json, time, torch; from standpunt.encoders.precision import chosen; at = time.process_time(); "
        "found = chosen('auto', 1, torch.device('cpu')).precision; print(json.dumps([found, time.process_time() - at]))"
    )
    environment = os.environ | {"ONEDNN_MAX_CPU_ISA": "AVX2", "OMP_NUM_THREADS": "1"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    found, seconds = json.loads(done.stdout)
    assert found == FLOAT32
    assert seconds < 5


def test_a_fixed_precision_gives_the_same_bits_twice_and_bfloat16_nearly_those_of_float32(folder):
    found = {name: Vectors(loaded(folder, precision=name), 96).vectors(TEXTS) for name in (FLOAT32, BFLOAT16)}
    for name, vectors in found.items():
        np.testing.assert_array_equal(Vectors(loaded(folder, precision=name), 96).vectors(TEXTS), vectors)
    assert not np.array_equal(found[FLOAT32], found[BFLOAT16])
    assert (found[FLOAT32] * found[BFLOAT16]).sum(axis=1).min() > 0.999


@pytest.mark.parametrize(("name", "digits"), [(FLOAT32, 1e-6), (BFLOAT16, 2e-3)])
def test_what_is_read_beside_a_text_changes_no_more_than_last_digits(folder, name, digits):
    encoder = loaded(folder, precision=name)
    texts = [*TEXTS, "Kort.", "De brug " * 20]
    alone = np.concatenate([Vectors(encoder, 96).vectors([text]) for text in texts])
    np.testing.assert_allclose(alone, Vectors(encoder, 96).vectors(texts), atol=digits)


def test_weights_are_held_in_the_precision(folder):
    assert loaded(folder, precision=BFLOAT16)._network.dtype == torch.bfloat16
    assert loaded(folder, precision=FLOAT32)._network.dtype == torch.float32


def test_positions_are_computed_in_float32_whatever_the_weights(folder):
    network = loaded(folder, precision=BFLOAT16)._network
    turned = {buffer.dtype for name, buffer in network.named_buffers() if name.endswith("inv_freq")}
    assert turned == {torch.float32}


def test_threads_are_set_for_the_encoder_alone(folder, monkeypatch):
    encoder, seen = loaded(folder, precision=FLOAT32, threads=2), []
    forward = encoder._network.forward
    monkeypatch.setattr(
        encoder._network, "forward", lambda **given: seen.append(torch.get_num_threads()) or forward(**given)
    )
    with on_threads(1):
        Vectors(encoder, 96).vectors(TEXTS[:1])
        assert torch.get_num_threads() == 1
    assert set(seen) == {2}


def test_what_was_chosen_is_noted(folder, monkeypatch):
    monkeypatch.setattr(precision, "times_as_fast", lambda: 8.0)
    loaded(folder, threads=1)
    assert precision.noted()["tiny"] == {"precision": "bfloat16", "threads": 1}
