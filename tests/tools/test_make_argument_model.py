"""The tool that puts the models of three runs together."""

import json
import shutil

import pytest

from standpunt.models.combined.arguments import ArgumentModel
from standpunt.storage.paths import MODELS
from standpunt.tasks import PARTS

CONDITION = {"corpus": "fictional", "part": "test", "scope": "all", "protocol": "parts", "trained_on": "fictional"}
tool = pytest.importorskip("make_argument_model", reason="the folder tools is not in a source distribution")


def test_three_runs_become_an_argument_model_with_their_scores(tmp_path):
    runs = []
    for number, part in enumerate(PARTS):
        runs.append(tmp_path / f"run-{number}")
        shutil.copytree(MODELS / "standpunt-nl-arguments" / part, runs[-1] / "model")
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
        (runs[-1] / "status.json").write_text(json.dumps({"state": "finished"}))
        (runs[-1] / "metrics.json").write_text(json.dumps([found]))
    tool.main(runs[::-1], tmp_path / "mine")
    assert ArgumentModel.load(tmp_path / "mine").sha256 == ArgumentModel.load("standpunt-nl-arguments").sha256
    card = (tmp_path / "mine" / "README.md").read_text(encoding="utf-8")
    assert "# mine" in card
    assert "| `link` | fictional, test | 40, 8 debates | 0.70 [0.25, 0.75] | 0.90 | 0.04 |  |" in card
    assert "synthetic" in card
