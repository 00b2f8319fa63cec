"""The studies under experiments/: their committed figures come from the configuration that is committed beside them."""

import csv
import json
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

ROOT = Path(__file__).parents[1]

studies = pytest.importorskip("studies", reason="the folder tools is not in a source distribution")
study_tables = pytest.importorskip("study_tables")
study_pairs = pytest.importorskip("study_pairs")

NAMES = studies.studies()


@pytest.fixture(autouse=True)
def nothing_of_the_users(monkeypatch):
    """Compose as on a machine where nothing is set: the figures are the same wherever the data lie."""
    for name in ("STANDPUNT_DATA", "STANDPUNT_TRANSCRIPTS", "START"):
        monkeypatch.delenv(name, raising=False)


def committed(name):
    return json.loads((studies.EXPERIMENTS / name / studies.RECORD).read_text(encoding="utf-8"))["config"]


def scores(name):
    with open(studies.EXPERIMENTS / name / "results.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_studies_are_found():
    asked = {"baselines", "unseen-issues", "unseen-parties", "context", "teaching", "few-labels", "cross-lingual"}
    assert asked | {"calibration", "disagreement", "learning-curve"} <= set(NAMES)
    assert {"ukraine", "advice", "arguments", "transfer", "unsc", "voting-advice"} <= set(NAMES)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_figures_are_of_the_committed_configuration_and_of_all_its_models(name):
    runs = studies.study_runs(name)  # composing them takes seconds
    composed = {overrides: studies.fingerprint(config) for overrides, config in runs.items()}
    changed = [overrides for overrides in composed if committed(name).get(overrides) != composed[overrides]]
    assert not changed, f"make experiments EXPERIMENTS={name}: the figures are of other settings than {changed[:3]}"
    assert set(committed(name)) == set(composed)
    assert {row["model"] for row in scores(name)} == {config.model.name for config in runs.values()}


@pytest.mark.parametrize("name", NAMES)
def test_readme_says_what_was_asked_and_found(name):
    text = (studies.EXPERIMENTS / name / "README.md").read_text(encoding="utf-8")
    for part in ("**Question.**", "**Protocol.**", "**Command.**", "**Finding.**", "<!-- results -->\n##"):
        assert part in text, part
    assert f"standpunt run experiments/{name}" in text


@pytest.mark.slow
def test_a_changed_setting_changes_the_hash(tmp_path, monkeypatch):
    folder = tmp_path / "mine"
    folder.mkdir()
    settings = yaml.safe_load((studies.EXPERIMENTS / "baselines" / "experiment.yaml").read_text(encoding="utf-8"))
    settings["hydra"]["sweeper"]["params"] = {"model": "majority,tfidf", "seed": "0,1"}
    monkeypatch.setattr(studies, "EXPERIMENTS", tmp_path)

    def hashes(**changes):
        (folder / "experiment.yaml").write_text(yaml.safe_dump(settings | changes), encoding="utf-8")
        return {overrides: studies.fingerprint(config) for overrides, config in studies.study_runs("mine").items()}

    before = hashes()
    assert list(before) == [
        "model=majority seed=0",
        "model=majority seed=1",
        "model=tfidf seed=0",
        "model=tfidf seed=1",
    ]
    assert len(set(before.values())) == 4
    assert hashes() == before
    after = hashes(limit_rows=100)
    assert set(after) == set(before)
    assert not set(after.values()) & set(before.values())


@pytest.mark.slow
def test_where_the_data_lie_does_not_change_the_hash(monkeypatch):
    before = [studies.fingerprint(config) for config in studies.study_runs("advice").values()]
    monkeypatch.setenv("STANDPUNT_DATA", "/somewhere/else")
    moved = studies.study_runs("advice").values()
    assert all(config.corpus.path.startswith("/somewhere/else") for config in moved)
    assert [studies.fingerprint(config) for config in moved] == before


def test_data_that_are_not_in_the_folder_of_the_user_are_not_at_hand(monkeypatch, tmp_path):
    (tmp_path / "stance").mkdir()
    (tmp_path / "stance" / "stemwijzer.jsonl.gz").touch()
    monkeypatch.setenv("STANDPUNT_DATA", str(tmp_path))
    studies.at_hand.cache_clear()
    assert [name for name in ("contrast", "stemwijzer", "xstance") if studies.at_hand(name)] == [
        "contrast",
        "stemwijzer",
    ]
    studies.at_hand.cache_clear()


@pytest.mark.slow
def test_what_is_not_at_hand_is_named():
    studies.at_hand.cache_clear()
    assert sorted(studies.missing("cross-lingual")) == ["stemwijzer", "xstance"]
    assert studies.missing("calibration") == []
    assert studies.missing("ukraine") == ["tk-ukraine"]
    studies.at_hand.cache_clear()


class FakeRun:
    """A run of one model, right on three rows of four; the annotators differ on every fifth."""

    def __init__(self, model, layer, temperature=None, seed=0):
        self._config = {"model": {"name": model}, "corpus": {"layer": layer}, "seed": seed}
        number = np.arange(40)
        gold = np.array(["favor", "against"])[number % 2]
        predicted = np.where(number % 4 == 3, "favor", gold)
        self._predictions = pd.DataFrame(
            {
                "id": [f"row {n}" for n in number], "corpus": "toy", "part": None, "scope": "all",
                "protocol": "parts", "trained_on": "toy", "seed": 0, "issue": "bridges", "gold": gold,
                "debate": [f"debate {n % 8}" for n in number], "speaker": [f"speaker {n % 5}" for n in number],
                "votes": [[label, "none" if n % 5 == 0 else label] for n, label in enumerate(gold)],
                "predicted": predicted, "p_favor": np.where(predicted == "favor", 0.8, 0.1),
                "p_against": np.where(predicted == "favor", 0.1, 0.8), "p_neutral": 0.1,
            }
        )  # fmt: skip
        if temperature is not None:
            self._predictions["temperature"] = temperature
        if layer != "adjudicated":  # an annotator labels fewer rows, and otherwise
            self._predictions = self._predictions.iloc[4:].assign(gold="favor")

    def config(self):
        return self._config

    def predictions(self):
        return self._predictions


def test_calibration_tables():
    runs = [FakeRun("tfidf", "adjudicated", 2.0), FakeRun("embeddings", "adjudicated")]
    scaling, covered = study_tables.calibration(runs)
    assert [row[:2] for row in scaling.rows] == [("tfidf", "2.00"), ("embeddings", "of its own")]
    assert scaling.rows[1][2] == scaling.rows[1][4] == "–"
    assert covered.columns == ("model", "100 %", "80 %", "60 %", "40 %", "20 %")
    assert [row[1][:4] for row in covered.rows] == ["0.75", "0.75"]


def test_tables_of_voting_advice():
    names = ("text_only", "text_only", "tfidf_pair", "tfidf_pair", "fine_tuned", "fine_tuned")
    runs = [FakeRun(name, "adjudicated", seed=number % 2) for number, name in enumerate(names)]
    for number, run in enumerate(runs):  # "neutral" is most probable everywhere, and is no side
        run._predictions = run._predictions.assign(seed=number % 2, p_neutral=0.9, predicted="neutral")
    sure = runs[5]._predictions["gold"].map({"favor": 0.95, "against": 0.05})  # always right
    runs[5]._predictions = runs[5]._predictions.assign(p_favor=sure, p_against=1 - sure)
    (table,) = study_tables.voting_advice(runs)
    assert table.title == "toy: favor vs. against, 40 rows"
    blended = "fine_tuned and tfidf_pair"
    assert [row[0] for row in table.rows] == [
        "text_only", "tfidf_pair", "fine_tuned", blended, "fine_tuned, seeds averaged",
    ]  # fmt: skip
    assert [row[1][:4] for row in table.rows] == ["0.73", "0.73", "0.87", "0.87", "1.00"]
    assert [row[-1][:5] for row in table.rows] == ["+0.13", "+0.13", "–", "+0.00", "–"]
    for run in runs:
        gold = run._predictions["gold"].to_numpy().copy()
        gold[::10] = "neutral"
        predicted = np.where(run._predictions["p_favor"] > 0.5, "favor", "against")
        run._predictions = run._predictions.assign(gold=gold, p_neutral=0.1, predicted=predicted)
    two, three = study_tables.voting_advice(runs)
    assert two.title == "toy: favor vs. against, 36 rows"
    assert three.title == "toy: favor, against and neutral, blended with words"
    assert [row[0] for row in three.rows] == ["text_only", "tfidf_pair", "fine_tuned", blended]
    # Nothing answers neutral; the blend is right wherever the sure one is.
    assert [row[1][:4] for row in three.rows] == ["0.45", "0.45", "0.54", "0.54"]
    assert [row[-1][:5] for row in three.rows] == ["+0.09", "+0.09", "+0.00", "–"]


def test_tables_of_what_was_trained_on():
    runs = []
    for trained, model in product(("fictional", "a, b, c, d"), ("tfidf", "poles")):
        run = FakeRun(model, "adjudicated")
        run._predictions = run._predictions.assign(
            trained_on=trained, party=None, issue=[f"issue {n % 4 // 2}" for n in range(40)]
        )
        if model == "poles" and trained != "fictional":  # always right
            sure = run._predictions["gold"].map({"favor": 0.9, "against": 0.05})
            run._predictions = run._predictions.assign(p_favor=sure, p_against=0.95 - sure)
        runs.append(run)
    (table,) = study_tables.teachers(runs)
    assert table.title == "toy: favor vs. against (40 pairs, 2 issues, 8 debates)"
    assert table.columns[1:] == (
        *(f"tfidf: {what}" for what in ("AUC", "within an issue", "AUC gained")),
        *(f"poles: {what}" for what in ("AUC", "within an issue", "AUC gained")),
    )
    first, second = table.rows
    assert [first[0], second[0]] == ["fictional", "a and 3 more"]
    assert [first[3], first[6]] == ["–", "–"]
    assert first[1][:4] == first[4][:4] == second[1][:4] == "0.75"
    assert (second[3][:5], second[4][:4], second[6][:5]) == ("+0.00", "1.00", "+0.25")
    (failed,) = study_tables.teachers(runs[:3])
    assert failed.rows[1][4:] == ("–", "–", "–")
    (alike,) = study_tables.languages(runs)
    assert "whole issues" in alike.notes[0]


def test_table_of_two_encoders():
    names = ("majority", "poles", "poles", "poles_gemma", "poles_gemma")
    runs = [FakeRun(name, "adjudicated", seed=number % 2) for number, name in enumerate(names)]
    for run in runs[3:]:  # always right
        sure = run._predictions["gold"].map({"favor": 0.9, "against": 0.05})
        run._predictions = run._predictions.assign(
            p_favor=sure, p_against=0.95 - sure, predicted=run._predictions["gold"]
        )
    (table,) = study_tables.encoders(runs)
    ((model, before, after, gap, *sides),) = table.rows
    assert (model, before[:4], after[:4], sides) == ("poles", "0.73", "1.00", ["0.75", "1.00"])
    assert gap.startswith("+0.267 [")


def test_a_blend_weighs_two_models_alike():
    one, other = FakeRun("a", "adjudicated").predictions(), FakeRun("b", "adjudicated").predictions()
    one, other = one.assign(p_favor=0.7, p_against=0.2), other.assign(p_favor=0.1, p_against=0.8)
    blended = study_tables.blended(one, other.iloc[::-1])
    expected = np.sqrt([0.07, 0.16, 0.01])
    columns = ["p_favor", "p_against", "p_neutral"]
    np.testing.assert_allclose(blended[columns], np.tile(expected / expected.sum(), (len(one), 1)))
    assert set(blended["predicted"]) == {"against"}
    with pytest.raises(ValueError, match="different rows"):
        study_tables.blended(one, other.iloc[1:])
    three = study_tables.blended(one, other, one)
    expected = np.cbrt([0.7**2 * 0.1, 0.2**2 * 0.8, 0.1**3])
    np.testing.assert_allclose(three[columns].iloc[0], expected / expected.sum())


def test_tables_go_between_the_marks_of_their_name_and_nowhere_else(tmp_path, monkeypatch):
    monkeypatch.setattr(studies, "EXPERIMENTS", tmp_path)
    readme = tmp_path / "mine" / "README.md"
    readme.parent.mkdir()
    before = "a\n<!-- results -->\nold\n<!-- /results -->\nb\n<!-- more -->\n<!-- /more -->\nc\n"
    readme.write_text(before, encoding="utf-8")
    studies.fill("mine", ["## Two\n", "A note."], "more")
    filled = before.replace("<!-- more -->\n", "<!-- more -->\n### Two\n\nA note.\n")
    assert readme.read_text(encoding="utf-8") == filled
    with pytest.raises(SystemExit, match=r"no <!-- others --> \.\.\. <!-- /others -->"):
        studies.fill("mine", ["## Two\n"], "others")
    assert readme.read_text(encoding="utf-8") == filled


def test_table_of_what_a_reader_of_pairs_adds():
    runs = [FakeRun(name, "adjudicated") for name in (study_pairs.READER, *study_pairs.OTHERS)]
    sure = runs[0]._predictions["gold"].map({"favor": 0.9, "against": 0.05})
    runs[0]._predictions = runs[0]._predictions.assign(p_favor=sure, p_against=0.95 - sure, p_neutral=0.05)
    (table,) = study_tables.pair_reader(runs)
    for model, alone, both, gain, before, after in table.rows:
        assert model in study_pairs.OTHERS
        assert (alone[:4], both[:4], before, after) == ("0.73", "1.00", "0.75", "1.00")
        assert gain.startswith("+0.27 [")


def test_disagreement_tables():
    runs = [FakeRun("tfidf", layer) for layer in ("adjudicated", "lm-a", "lm-b")]
    disputed, trained = study_tables.disagreement(runs)
    assert "8 disputed rows, 32 undisputed" in disputed.title
    assert disputed.rows[0][1][:4] == disputed.rows[0][2][:4] == "0.75"
    assert [row[1:3] for row in trained.rows] == [("adjudicated", "36"), ("lm-a", "36"), ("lm-b", "36")]
    # The same answers are held against the same labels, not against those of the layer.
    assert len({row[3] for row in trained.rows}) == 1
    assert trained.rows[1][4] == "0.00 [0.00, 0.00]" or trained.rows[1][4].startswith("+0.00")
