"""Cross-encoders in onnxruntime: the same answers, converted once, and a clear word where it cannot be."""

import copy

import numpy as np
import pytest

from standpunt.annotation.issues import load_issues
from standpunt.errors import InputError, StandpuntError
from standpunt.models import Model, build
from standpunt.models.combined.blend import BlendConfig
from standpunt.models.combined.two_stage import TwoStageConfig
from standpunt.models.controls.majority import MajorityConfig
from standpunt.models.finetuned import onnx
from standpunt.models.finetuned.parts import last_layer
from standpunt.models.finetuned.settings import CrossEncoderConfig
from tiny_bert import save_tiny_bert

pytestmark = pytest.mark.slow  # whole commands, experiments or readings

LABELS = ("favor", "against", "neutral", "none")
ISSUES = load_issues(["no_fly_zone", "wolf_culling"])


def row(issue, text, label):
    return {
        "issue": issue, "proposition": ISSUES[issue].proposition["nl"], "text": text, "context": "", "kind": "speech",
        "label": label, "evidence": [],
    }  # fmt: skip


ROWS = [
    row(issue, f"{start} {' '.join(['en dat vinden wij al jaren'] * length)}.", label)
    for issue in ISSUES
    for length, (start, label) in enumerate(
        [("Wij zijn voor", "favor"), ("Wij zijn tegen", "against"), ("Wij weten het niet", "neutral"), ("Dank", "none")]
    )
]
SETTINGS = {"epochs": 1, "lora_rank": 2, "window_words": 12, "max_tokens": 64, "learning_rate": 1e-2, "n_seeds": 2}


@pytest.fixture(scope="module")
def encoder(tmp_path_factory):
    return str(save_tiny_bert(tmp_path_factory.mktemp("encoder"), [item["text"] for item in ROWS]))


@pytest.fixture(scope="module", params=["lora", "full", "decomposed", "standard"])
def model(request, encoder):
    kinds = {
        "lora": {},
        "full": {"tuning": "full"},
        "decomposed": {"decomposed_layers": 1},
        "standard": {"head": "standard"},
    }
    config = CrossEncoderConfig(encoder=encoder, **kinds[request.param], **SETTINGS)
    return build(config, LABELS, ISSUES).fit(ROWS)


@pytest.fixture(autouse=True)
def _installed():
    pytest.importorskip("onnxruntime")
    pytest.importorskip("onnx")


def test_the_same_probabilities(model, tmp_path, caplog):
    before = model.predict_proba(ROWS)
    np.testing.assert_allclose(onnx.to_onnx(model, int8=False, cache=tmp_path).predict_proba(ROWS), before, atol=1e-5)
    rounded = onnx.to_onnx(model, cache=tmp_path).predict_proba(ROWS)
    np.testing.assert_allclose(rounded, before, atol=0.1)
    assert not np.array_equal(rounded, before)
    assert not caplog.records
    np.testing.assert_array_equal(model.predict_proba(ROWS), before)  # the model itself is as it was


def test_converted_once_and_again_when_weights_change(model, tmp_path, monkeypatch):
    onnx.to_onnx(model, int8=False, cache=tmp_path)
    files = sorted(tmp_path.iterdir())
    assert len(files) == (4 if model.config.decomposed_layers else 2)  # for each of two members
    with monkeypatch.context() as patch:
        patch.setattr(onnx, "export", lambda *_, **__: pytest.fail("converted twice"))
        onnx.to_onnx(model, int8=False, cache=tmp_path)
        patch.setattr(onnx, "version", lambda name: "of another library")
        with pytest.raises(pytest.fail.Exception, match="converted twice"):
            onnx.to_onnx(model, int8=False, cache=tmp_path)
    assert sorted(tmp_path.iterdir()) == files


def test_a_file_that_is_damaged_is_named(model, tmp_path):
    onnx.to_onnx(model, cache=tmp_path)
    for file in tmp_path.iterdir():
        file.write_bytes(file.read_bytes()[:100])
    with pytest.raises(StandpuntError, match=rf"{tmp_path}.*\.onnx: damaged; remove what is there") as caught:
        onnx.to_onnx(model, cache=tmp_path)
    assert "\n" not in str(caught.value)


def test_a_cache_that_cannot_be_made_is_named(model, tmp_path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(StandpuntError, match=r"cannot be made .*; set STANDPUNT_CACHE to a folder"):
        onnx.to_onnx(model, cache=tmp_path / "file" / "onnx")


def test_a_saved_model_converts_to_the_same(model, tmp_path):
    model.save(tmp_path / "model")
    onnx.to_onnx(model, cache=tmp_path / "cache")
    files = sorted((tmp_path / "cache").iterdir())
    onnx.to_onnx(Model.load(tmp_path / "model"), cache=tmp_path / "cache")
    assert sorted((tmp_path / "cache").iterdir()) == files


def test_two_stages_convert_their_second(encoder, tmp_path):
    second = {"family": "cross_encoder", "name": "cross_encoder", "encoder": encoder, **SETTINGS}
    model = build(TwoStageConfig(second=second, window_words=12), LABELS, ISSUES).fit(ROWS)
    converted = onnx.to_onnx(model, int8=False, cache=tmp_path)
    np.testing.assert_allclose(converted.predict_proba(ROWS), model.predict_proba(ROWS), atol=1e-5)
    assert isinstance(converted.second._members[0], onnx.OnnxNetwork)


def test_a_blend_converts_its_encoders(encoder, tmp_path):
    members = {
        "read": {"family": "cross_encoder", "name": "cross_encoder", "encoder": encoder, **SETTINGS},
        "words": {"family": "tfidf", "name": "tfidf"},
    }
    model = build(BlendConfig(members=members, dev_share=0.0), LABELS, ISSUES).fit(ROWS)
    converted = onnx.to_onnx(model, int8=False, cache=tmp_path)
    np.testing.assert_allclose(converted.predict_proba(ROWS), model.predict_proba(ROWS), atol=1e-5)
    assert isinstance(converted.members["read"]._members[0], onnx.OnnxNetwork)
    assert not isinstance(model.members["read"]._members[0], onnx.OnnxNetwork)
    plain = {name: {"family": "majority", "name": "m"} for name in "ab"}
    nested = {"inner": model.config, **plain}
    outer = build(BlendConfig(members=nested, dev_share=0.0), LABELS, ISSUES).fit(ROWS)
    within = onnx.to_onnx(outer, int8=False, cache=tmp_path)
    np.testing.assert_allclose(within.predict_proba(ROWS), outer.predict_proba(ROWS), atol=1e-5)
    assert isinstance(within.members["inner"].members["read"]._members[0], onnx.OnnxNetwork)
    without = build(BlendConfig(members=plain), LABELS, ISSUES).fit(ROWS)
    with pytest.raises(InputError, match="family blend has no network to convert"):
        onnx.to_onnx(without)


def test_a_network_that_traces_wrongly_is_refused(model, tmp_path, monkeypatch):
    trace = onnx._trace

    def trace_another(network, tokenizer, parts):
        other = copy.deepcopy(network)
        other.get_submodule(last_layer(other)).bias.data += 1
        trace(other, tokenizer, parts)

    monkeypatch.setattr(onnx, "_trace", trace_another)
    with pytest.raises(StandpuntError, match="gives other values; use runtime torch"):
        onnx.to_onnx(model, cache=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_other_families_are_refused(tmp_path):
    with pytest.raises(InputError, match="family majority has no network"):
        onnx.to_onnx(build(MajorityConfig(), LABELS, ISSUES).fit(ROWS), cache=tmp_path)


def test_without_onnxruntime_the_extra_is_named(model, tmp_path, monkeypatch):
    monkeypatch.setattr(onnx, "find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"pip install 'standpunt\[onnx\]'"):
        onnx.to_onnx(model, cache=tmp_path)
