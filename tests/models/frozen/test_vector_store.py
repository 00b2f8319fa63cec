"""Vectors kept between runs: read as they were written, by jobs side by side, and told apart by encoder."""

import sqlite3
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest

from standpunt.encoders.resolve import resolve_encoder
from standpunt.encoders.sentence import SentenceEncoder
from standpunt.errors import StandpuntError
from standpunt.models import build
from standpunt.models.frozen.embeddings import EmbeddingsConfig
from standpunt.models.frozen.vector_store import VectorStore
from standpunt.models.frozen.vectors import Vectors
from tiny_bert import save_tiny_bert
from vector_writer import vectors, write

TEXTS = ["De brug komt er.", "Wij zijn tegen de brug.", "Over de brug wordt nog gesproken, voorzitter."]


@pytest.fixture(scope="module")
def encoder(tmp_path_factory):
    return save_tiny_bert(tmp_path_factory.mktemp("encoder") / "tiny", TEXTS)


@pytest.fixture
def rows():
    about = {
        "debate": "d",
        "date": "2031-01-01",
        "issue": "bridge",
        "proposition": "De brug komt er.",
        "context": "",
    }
    labels = ("favor", "against", "neutral")
    return [
        about | {"id": f"{n}", "turn": f"{n}", "speaker": "A", "party": "P", "role": "member", "kind": "speech"}
        | {"text": TEXTS[n % 3], "label": labels[n % 3], "evidence": []}
        for n in range(12)
    ]  # fmt: skip


def test_what_is_read_is_what_was_written(tmp_path):
    known = vectors(0, [f"text {n}" for n in range(1300)])
    VectorStore(tmp_path / "new" / "folder", b"one").write(known.items())
    kept = VectorStore(tmp_path / "new" / "folder", b"one").read([*known, "unknown"])
    assert kept.keys() == known.keys()
    assert all(np.array_equal(kept[text], known[text]) for text in known)


def test_encoders_are_kept_apart(tmp_path):
    VectorStore(tmp_path, b"one").write(vectors(0, TEXTS).items())
    assert VectorStore(tmp_path, b"two").read(TEXTS) == {}


def test_jobs_side_by_side(tmp_path):
    with ProcessPoolExecutor(3, mp_context=get_context("spawn")) as pool:
        list(pool.map(write, [tmp_path] * 3, range(3)))
    assert len(VectorStore(tmp_path, b"one").read(f"text {n}" for n in range(300))) == 200


def test_texts_are_not_kept(tmp_path):
    VectorStore(tmp_path, b"one").write(vectors(0, TEXTS).items())
    assert all(text.encode() not in path.read_bytes() for path in tmp_path.iterdir() for text in TEXTS)


@pytest.mark.parametrize("damage", ["file", "folder"])
def test_what_cannot_be_used_is_named(tmp_path, damage):
    if damage == "folder":
        (tmp_path / "taken").write_text("no folder")
        with pytest.raises(StandpuntError, match=r"taken: cannot be made .*set model.cache to another"):
            VectorStore(tmp_path / "taken", b"one")
        return
    VectorStore(tmp_path, b"one").write(vectors(0, TEXTS).items())
    (path,) = tmp_path.iterdir()
    path.write_bytes(b"no database" * 100)
    with pytest.raises(StandpuntError, match=r"cannot be used .*remove it, or set model.cache"):
        VectorStore(tmp_path, b"one")


def test_a_second_run_computes_nothing_and_answers_the_same(tmp_path, encoder, rows, monkeypatch):
    config = EmbeddingsConfig(encoder=str(encoder), max_tokens=32, dev_share=0.0, cache=str(tmp_path / "vectors"))
    labels = ("favor", "against", "neutral")
    first = build(config, labels, {}).fit(rows).predict_proba(rows)
    read = []
    forward = SentenceEncoder.vectors
    monkeypatch.setattr(SentenceEncoder, "vectors", lambda self, *about: read.append(about) or forward(self, *about))
    again = Vectors(SentenceEncoder(resolve_encoder(str(encoder))), 32)  # as another process would have it
    monkeypatch.setattr("standpunt.models.frozen.model.vectors_of", lambda *about, **how: again)
    second = build(config, labels, {}).fit(rows).predict_proba(rows)
    np.testing.assert_array_equal(first, second)
    assert len(read) == 1  # the probe that tells encoders apart


def test_a_loaded_model_leaves_the_folder_alone(tmp_path, encoder, rows):
    config = EmbeddingsConfig(encoder=str(encoder), max_tokens=32, dev_share=0.0, cache=str(tmp_path / "vectors"))
    model = build(config, ("favor", "against", "neutral"), {}).fit(rows)
    model.save(tmp_path / "model")
    (path,) = (tmp_path / "vectors").iterdir()
    before = sqlite3.connect(path).execute("SELECT COUNT(*) FROM vectors").fetchone()
    type(model).load(tmp_path / "model").predict_proba([row | {"text": "Iets heel anders."} for row in rows])
    assert sqlite3.connect(path).execute("SELECT COUNT(*) FROM vectors").fetchone() == before
