"""The tool that compares two trainings on debates that each is trained without."""

import json

import pandas as pd
import pytest
import yaml

from standpunt.errors import InputError
from standpunt.results.runs import Run

tool = pytest.importorskip("compare_trainings", reason="the folder tools is not in a source distribution")

GOLD = ["favor", "against", "neutral", "none"]


def run(folder, held, answers, *, issue="own"):
    """Write a run that gave the same answers in two held-out debates and in two debates of the first corpus."""
    folder.mkdir(parents=True)
    (folder / "status.json").write_text(json.dumps({"state": "finished"}))
    config = {"model": {"name": "mine"}, "corpus": {"name": "invented"}, "evaluation": {"test": [held]}}
    (folder / "config.yaml").write_text(yaml.safe_dump(config))
    frames = []
    for corpus in (held, "invented"):
        for debate in ("one", "two"):
            frame = pd.DataFrame({"gold": GOLD, "predicted": answers}).assign(
                corpus=corpus, debate=f"{corpus}-{debate}", seed=0, issue=f"{issue}-{held}"
            )
            frame["id"] = [f"{corpus}-{debate}-{place}" for place in range(len(GOLD))]
            frames += [frame.assign(scope="all"), frame[frame["gold"] != "none"].assign(scope="addressed")]
    pd.concat(frames).to_parquet(folder / "predictions.parquet")
    return folder


@pytest.fixture
def trainings(tmp_path):
    """Return the runs of a training that has 3 of 3 stances right, and of one that has one right and finds another."""
    better = [run(tmp_path / "new" / held, held, GOLD) for held in ("held-0", "held-1")]
    worse = ["favor", "favor", "none", "neutral"]
    return better, [run(tmp_path / "old" / held, held, worse) for held in ("held-0", "held-1")]


def test_right_answers_are_counted_pair_by_pair_over_all_runs(trainings):
    new, old = ([Run.load(path) for path in paths] for paths in trainings)
    frames = [tool.of_held_out(runs) for runs in (new, old)]
    right, given, macro, addressed = tool.report(*frames)
    # Four debates with three stances each; what is "none" counts among the stances given and not among those right.
    assert right.startswith("right: 12 and 4 of 12, +0.667 [0.667, 0.667] (4 debates better, 0 worse; 8 pairs won, 0")
    assert given == "stances given: 12 (1.000 of them right) and 12 (0.333 of them right)"
    assert macro.startswith("macro-F1, all, 16 pairs, 4 debates: 1.000 and ")
    assert addressed.startswith("macro-F1, addressed, 12 pairs, 4 debates: 1.000 and ")


def test_debates_of_the_first_corpus_are_means_over_the_runs(trainings):
    new, old = ([Run.load(path) for path in paths] for paths in trainings)
    frame = tool.of_first_corpus(new)
    assert {*frame["seed"]} == {0, 1}
    assert {*frame["corpus"]} == {"invented"}
    assert "of 12, +0.667" in tool.report(frame, tool.of_first_corpus(old))[0]


def test_issues_can_be_left_out_and_other_pairs_are_refused(trainings, capsys):
    new, old = trainings
    tool.main(new, old, ["own-held-1"])
    printed = capsys.readouterr().out
    assert "right: 6 and 2 of 6" in printed
    with pytest.raises(InputError, match="not scored on the same rows"):
        tool.main(new, old[:1], [])


def test_a_task_without_none_has_one_scope(trainings):
    new, old = ([Run.load(path) for path in paths] for paths in trainings)
    frames = [frame[frame["scope"] == "all"] for frame in (tool.of_held_out(new), tool.of_held_out(old))]
    assert [line.partition(",")[0].partition(":")[0] for line in tool.report(*frames)] == [
        "right",
        "stances given",
        "macro-F1",
    ]
