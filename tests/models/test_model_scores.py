"""The scores that a model carries: written beside it, named after it, refused where they are another's or damaged."""

import json
from pathlib import Path

import pytest

from standpunt.errors import ModelError
from standpunt.evaluation.trust import Tally
from standpunt.models import Model, build
from standpunt.models.controls.frequencies import PartyConfig
from standpunt.models.persistence import fingerprint, read_manifest, reseal
from standpunt.models.scores import SCORES, Measurement, Scores, write_scores
from standpunt.models.shipped import DEFAULT, LARGE, WITHOUT_ENCODER
from standpunt.page.made_by import made_by
from standpunt.storage.paths import MODELS

COUNTS = Tally(10, 9, 13, 8)
FIRST = Measurement(("tk-ukraine",), ("d",), "0" * 64, True, False, 214, COUNTS, {"frozen_assets": COUNTS})
SECOND = Measurement(
    ("tk-more",), ("e", "f"), "1" * 64, False, True, 9, Tally(4, 1, 2, 3), {"other": Tally(4, 1, 2, 3)}
)


@pytest.fixture
def folder(tmp_path):
    rows = [{"party": "Geel", "role": "member", "label": label} for label in ("favor", "against")]
    build(PartyConfig("mine", "party"), ("favor", "against"), {}).fit(rows).save(tmp_path / "model")
    return tmp_path / "model"


@pytest.fixture
def measured(folder):
    write_scores(folder, Scores((FIRST, SECOND)), read_manifest(folder)["sha256"])
    return folder


def test_a_model_carries_its_scores_through_saving_and_loading(measured, tmp_path):
    model = Model.load(measured)
    assert model.scores == Scores((FIRST, SECOND))
    assert model.scores.tally("frozen_assets") == COUNTS
    assert model.scores.tally("no_fly_zone").level == "unmeasured"
    assert (model.scores.overall(known=True), model.scores.overall(known=False)) == (FIRST, SECOND)
    assert model.knowing({}).scores == model.scores
    model.save(tmp_path / "again")
    assert Model.load(tmp_path / "again").scores == model.scores
    assert made_by(tmp_path / "again").scores == model.scores


def test_a_model_that_was_not_measured_has_none(folder):
    assert Model.load(folder).scores == Scores()
    assert not (folder / SCORES).exists()


def test_sealing_a_model_anew_keeps_its_scores(measured):
    (measured / "part").mkdir()
    (measured / "part" / "note.txt").write_text("a part was replaced")
    before = read_manifest(measured)["sha256"]
    reseal(measured)
    assert read_manifest(measured)["sha256"] != before
    assert Model.load(measured).scores == Scores((FIRST, SECOND))


def test_measuring_changes_what_a_folder_of_predictions_is_held_against(folder):
    before = fingerprint(folder)
    write_scores(folder, Scores((FIRST,)), read_manifest(folder)["sha256"])
    assert fingerprint(folder) != before


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"model": "another"}, "the scores of another model"),
        ({"format": 9}, "expected format 1"),
        ({"measurements": [{"corpora": []}]}, "damaged"),
        (None, "not valid JSON"),
    ],
)
def test_scores_that_are_no_scores_of_it_are_refused(measured, change, message):
    path = measured / SCORES
    text = "{" if change is None else json.dumps(json.loads(path.read_text(encoding="utf-8")) | change)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ModelError, match=f"scores.json: {message}"):
        Model.load(measured)
    with pytest.raises(ModelError, match=message):
        made_by(measured)


def test_counts_that_cannot_be_are_refused(measured):
    path = measured / SCORES
    path.write_text(path.read_text(encoding="utf-8").replace('"right": 9', '"right": 99'), encoding="utf-8")
    with pytest.raises(ModelError, match="cannot have been counted"):
        Model.load(measured)


@pytest.mark.parametrize("name", [LARGE, DEFAULT, WITHOUT_ENCODER])
def test_what_ships_was_measured_on_debates_that_it_was_not_trained_on(name):
    maker = made_by(name)
    own = {corpus for one in maker.scores.measurements if not one.cross_validated for corpus in one.corpora}
    assert "tk-ukraine" in own
    assert not own & {*maker.corpora}
    known = maker.scores.overall(known=True)
    assert known is not None
    assert sum(counts.labelled for counts in known.issues.values()) == known.overall.labelled == 304
    assert sum(counts.right for counts in known.issues.values()) == known.overall.right
    issues = {issue["name"] for issue in json.loads((MODELS / name / "model.json").read_text("utf-8"))["issues"]}
    assert {*known.issues} <= issues


def test_the_documentation_has_these_figures():
    page = (Path(__file__).parents[2] / "docs" / "page.md").read_text(encoding="utf-8")
    signs = {"usable": "✓", "hint": "?", "untrusted": "✗", "unmeasured": "–"}
    measured = [made_by(name).scores for name in (LARGE, DEFAULT, WITHOUT_ENCODER)]
    overall = [scores.overall(known=True).overall for scores in measured]
    assert f"| Ukraine debate, turns right (of 304) | {' | '.join(str(one.right) for one in overall)} |" in page
    assert f"| the same, stances given | {' | '.join(str(one.shown) for one in overall)} |" in page
    for title, issue in (
        ("frozen assets", "frozen_assets"),
        ("no-fly zone", "no_fly_zone"),
        ("boots on the ground", "boots_on_the_ground"),
    ):
        cells = [scores.tally(issue) for scores in measured]
        assert f"| {title} | " + " | ".join(f"{c.right} of {c.labelled} {signs[c.level]}" for c in cells) in page
