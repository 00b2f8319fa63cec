"""The tool that puts the models of three runs together."""

import json
import shutil

import numpy as np
import pytest

from standpunt.models import Model, build
from standpunt.models.combined.arguments import ArgumentModel
from standpunt.models.combined.blend import BlendConfig
from standpunt.models.provenance import Provenance
from standpunt.storage.paths import MODELS
from standpunt.tasks import PARTS, TASKS

SHIPPED = MODELS / "standpunt-nl-arguments"

CONDITION = {"corpus": "fictional", "part": "test", "scope": "all", "protocol": "parts", "trained_on": "fictional"}
tool = pytest.importorskip("make_argument_model", reason="the folder tools is not in a source distribution")


def run_of(folder, model, number):
    """Write what the tool reads of a run: its model, and what it measured."""
    shutil.copytree(model, folder / "model")
    score = {"value": 0.5 + number / 10, "low": 0.25, "high": 0.75}
    found = {
        "overall": {
            "rows": 40,
            "scores": {"macro_f1": score, "accuracy_at_80": {"value": 0.9}, "ece": {"value": 0.04}},
        },
        **CONDITION,
        "clusters": 8,
        "cluster": "debate",
    }
    (folder / "status.json").write_text(json.dumps({"state": "finished"}))
    (folder / "metrics.json").write_text(json.dumps([found]))
    return folder


def test_three_runs_become_an_argument_model_with_their_scores(tmp_path):
    runs = [run_of(tmp_path / f"run-{n}", SHIPPED / part, n) for n, part in enumerate(PARTS)]
    tool.main(runs[::-1], tmp_path / "mine")
    assert ArgumentModel.load(tmp_path / "mine").sha256 == ArgumentModel.load("standpunt-nl-arguments").sha256
    card = (tmp_path / "mine" / "README.md").read_text(encoding="utf-8")
    assert "# mine" in card
    assert "| `link` | fictional, test | 40, 8 debates | 0.70 [0.25, 0.75] | 0.90 | 0.04 |  |" in card
    assert "synthetic" in card


@pytest.fixture
def blended(tmp_path):
    """Return the folder of a model that was trained, and of one of two members that one of them is."""
    trained = shutil.copytree(SHIPPED / "component", tmp_path / "trained")
    members = {"read": {"trained": str(trained), "task": "component"}, "all": {"name": "all", "family": "majority"}}
    labels = TASKS["component"].labels
    sentences = [{"text": "Want.", "proposition": "…", "issue": "component", "label": label} for label in labels]
    model = build(BlendConfig(members=members, dev_share=0.0), labels, {}).fit(sentences)
    model.provenance = Provenance("component", ["fictional"])
    model.save(tmp_path / "blend")
    return trained, tmp_path / "blend"


def runs_with(folder, model):
    return [run_of(folder / f"run-{part}", model if part == "component" else SHIPPED / part, 0) for part in PARTS]


def test_a_model_that_members_were_taken_from_is_kept_once(blended, tmp_path):
    trained, blend = blended
    tool.main(runs_with(tmp_path, blend), tmp_path / "mine")
    assert not list((tmp_path / "mine" / "component" / "read").glob("*.safetensors"))
    assert sorted(path.name for path in (tmp_path / "mine").iterdir()) == [
        "README.md", "component", "frame", "link", "text_only",
    ]  # fmt: skip
    rows = [{"text": f"Want {word}.", "proposition": "…", "issue": "component"} for word in ("dat moet", "nee", "duur")]
    expected = Model.load(blend).predict_proba(rows)
    shutil.rmtree(trained)
    np.testing.assert_array_equal(ArgumentModel.load(tmp_path / "mine").component.predict_proba(rows), expected)


def test_a_model_that_has_changed_since_is_not_taken(blended, tmp_path):
    trained, blend = blended
    shutil.rmtree(trained)
    shutil.copytree(SHIPPED / "frame", trained)
    with pytest.raises(SystemExit, match=r"trained: not the model that component/read was taken from"):
        tool.main(runs_with(tmp_path, blend), tmp_path / "mine")
    assert not (tmp_path / "mine").exists()
