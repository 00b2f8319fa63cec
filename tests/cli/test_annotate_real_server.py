"""`standpunt annotate llm` with a real server: llama.cpp with SmolLM2 135M from the package index."""

import datetime
import json

import pytest

from standpunt.annotation.layers import Layer
from standpunt.annotation.sources import Source
from standpunt.corpora.corpus import load_corpus
from standpunt.storage.paths import CORPORA

llm_server = pytest.importorskip("llm_server", reason="the folder tools is not in a source distribution")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(llm_server.why_not() is not None, reason=str(llm_server.why_not())),
]

DEBATE, ISSUE = CORPORA / "fictional" / "2031-11-05-woningnood", "rent_freeze"
TURNS = 4  # of which the chair's is not asked about


@pytest.fixture
def beginning(standpunt, tmp_path):
    """Return the folder of the first turns of a fictional debate, with what people labelled in them."""
    (debate,) = (item for item in load_corpus("fictional").debates if item.name == DEBATE.name)
    text = (DEBATE / "report.txt").read_text(encoding="utf-8")
    (tmp_path / "begin.txt").write_text(text[: debate.debate.turns[TURNS - 1].spans[-1][1]] + "\n", encoding="utf-8")
    done = standpunt("corpus", "new", "begin", "begin.txt", ISSUE, "--annotator", "jan", "--date", "2031-11-05")
    assert done.returncode == 0, done.stderr
    path = next((tmp_path / "begin").glob("*/stance.jan.jsonl"))
    source = Source.load(path.parent / "source.json")
    labels = [label for label in debate.layers["adjudicated"].labels if label.turn <= TURNS and label.issue == ISSUE]
    assert labels
    Layer("jan", (ISSUE,), source.sha256, tuple(labels)).save(path, source)
    return path.parent


def test_a_layer_of_a_real_model_is_written_and_compared_with_one_of_people(standpunt, beginning):
    with llm_server.served("--context", "4096", "--threads", "1") as address:
        arguments = ("annotate", "llm", "begin", "--base-url", address, "model.timeout=600", "model.max_words=100",
                     "model.max_tokens=60", "model.concurrency=1")  # fmt: skip
        done = standpunt(*arguments)
        assert done.returncode == 0, done.stderr
        again = standpunt(*arguments)
    assert "done before" in again.stderr
    path = next(beginning.glob("stance.SmolLM2*.jsonl"))
    assert done.stdout.strip().endswith(path.name)
    layer = Layer.load(path)
    made_by = layer.made_by
    assert (made_by.model, made_by.family) == ("SmolLM2-135M-Instruct.Q4_1", "llm")
    assert made_by.probabilities == "log-probabilities"
    assert (len(made_by.prompt), len(made_by.settings), [*made_by.definitions]) == (64, 64, [ISSUE])
    assert abs(datetime.date.fromisoformat(made_by.date) - datetime.datetime.now(datetime.UTC).date()).days <= 1
    asked = {(answer.turn, answer.issue) for answer in layer.answers}
    assert asked == {(turn, ISSUE) for turn in range(2, TURNS + 1)}
    for pair, probabilities in layer.probabilities().items():
        assert [*probabilities] == [*made_by.labels]
        assert sum(probabilities.values()) == pytest.approx(1, abs=1e-3)
        assert layer.by_pair().get(pair, "none") == max(probabilities, key=probabilities.get)
    agreement = standpunt("agreement", "begin", "--annotators", f"jan,{layer.annotator}", "--pairs", "--resamples", 9)
    assert agreement.returncode == 0, agreement.stderr
    (record,) = map(json.loads, agreement.stdout.splitlines())
    assert ({record["annotator"], record["other"]}, record["turns"]) == ({"jan", layer.annotator}, TURNS - 1)
