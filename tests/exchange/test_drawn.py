import csv
import io
import json
from dataclasses import replace

import pandas as pd
import pytest

from standpunt.annotation.issues import load_issues
from standpunt.corpora.rows import row
from standpunt.errors import InputError, LayerError
from standpunt.exchange.drawn import draw_sample, read_drawn, sample_beside
from standpunt.exchange.drawn_labels import labels_for, predictions_of_sample, sample_labels

ISSUES = ("no_fly_zone", "frozen_assets")


def fill(path, label):
    """Fill in a label in every row of a sheet that has none."""
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    place = rows[0].index("label")
    for cells in rows[1:]:
        cells[place] = cells[place] or label
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8-sig")


@pytest.fixture
def predictions(small):
    records = [
        row(small.debate.id, None, turn, issue) | {"p_favor": 0.2, "p_against": 0.1, "p_neutral": 0.1, "p_none": 0.6}
        for turn in small.debate.turns
        for issue in load_issues(ISSUES).values()
    ]
    return pd.DataFrame(records).drop(columns="id")


def test_sample_is_kept_with_its_probabilities(small, tmp_path):
    layer = small.stance["lm-a"]
    drawn = draw_sample([(small, layer)], [], 4, 0, tmp_path / "next.csv")
    assert (drawn.size, len(drawn.pairs)) == (6, 4)
    assert {pair.probability for pair in drawn.pairs} == {round(4 / 6, 12)}
    assert read_drawn(sample_beside(tmp_path / "next.csv")) == drawn
    # What the layer has is filled in.
    found = list(csv.DictReader(io.StringIO((tmp_path / "next.csv").read_text(encoding="utf-8-sig"))))
    known = layer.by_pair()
    assert [known.get((int(one["turn"]), one["issue"]), "") for one in found] == [one["label"] for one in found]
    assert len(found) == 4


def test_labels_come_from_sheets(small, tmp_path, predictions):
    sheet = tmp_path / "next.csv"
    drawn = draw_sample([(small, small.stance["lm-a"])], [], 6, 0, sheet)
    with pytest.raises(LayerError, match=r"next\.csv: 3 rows have no label yet; write favor"):
        sample_labels(drawn, [sheet])
    fill(sheet, "none")
    labels = sample_labels(drawn, [sheet])
    assert labels["label"].value_counts().to_dict() == {"none": 3, "neutral": 1, "against": 1, "favor": 1}
    assert not labels["taken"].any()
    rows, names = predictions_of_sample(drawn, predictions)
    assert set(rows["role"]) == {"member"}
    assert labels_for(labels, rows, names)["turn"].tolist() == [f"{small.debate.id}-00{n}" for n in (2, 2, 3, 3, 4, 4)]


def test_labels_come_from_layers(small, tmp_path):
    drawn = draw_sample([(small, small.stance["lm-a"])], [], 6, 0, tmp_path / "next.json")
    assert (tmp_path / "next.xml").is_file()
    tasks = json.loads((tmp_path / "next.json").read_text(encoding="utf-8"))
    assert sum(len(task["data"]["asked"]) for task in tasks) == 3  # the others have a label
    small.stance["lm-a"].save(tmp_path / "stance.lm-a.jsonl", small.source)
    labels = sample_labels(drawn, [tmp_path / "stance.lm-a.jsonl"])
    assert labels["taken"].sum() == (labels["label"] == "none").sum() == 3
    small.stance["adjudicated"].save(tmp_path / "stance.adjudicated.jsonl", small.source)
    with pytest.raises(LayerError, match="it is not on frozen_assets, which the sample asks"):
        sample_labels(drawn, [tmp_path / "stance.adjudicated.jsonl"])
    other = replace(small.stance["lm-a"], sha256="0" * 64)
    other.save(tmp_path / "stance.other.jsonl", replace(small.source, sha256="0" * 64))
    with pytest.raises(LayerError, match="it is about no debate of the sample"):
        sample_labels(drawn, [tmp_path / "stance.other.jsonl"])


def test_one_draw_from_several_debates(small, tmp_path, predictions):
    layer = small.stance["lm-a"]
    twin = replace(small, debate=replace(small.debate, id="twin"))
    drawn = draw_sample([(small, layer), (twin, layer)], [], 8, 3, tmp_path / "sheets")
    assert (drawn.size, len(drawn.pairs)) == (12, 8)
    names = sorted(path.name for path in (tmp_path / "sheets").iterdir())
    assert names == sorted(["all.sample.json", f"{small.debate.id}.csv", "twin.csv"])
    for sheet in (tmp_path / "sheets").glob("*.csv"):
        fill(sheet, "none")
    labels = sample_labels(read_drawn(tmp_path / "sheets" / "all.sample.json"), [tmp_path / "sheets"])
    assert len(labels) == 8
    with pytest.raises(LayerError, match="pairs that were drawn are in none of the files"):
        sample_labels(drawn, [tmp_path / "sheets" / "twin.csv"])
    with pytest.raises(InputError, match="2 of the debates are called"):
        draw_sample([(small, layer), (small, layer)], [], 8, 3, tmp_path / "again")
    with pytest.raises(InputError, match="the layers are of adjudicated and lm-a; give those of one annotator"):
        draw_sample([(small, layer), (twin, small.stance["adjudicated"])], [], 8, 3, tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_predictions_must_be_of_all_that_was_drawn_from(small, tmp_path, predictions):
    drawn = draw_sample([(small, small.stance["lm-a"])], [], 4, 0, tmp_path / "next.csv")
    with pytest.raises(InputError, match=r"have 3 pairs of debate .*, and the sample was drawn from 6; predict every"):
        predictions_of_sample(drawn, predictions[predictions["issue"] == "no_fly_zone"])
    with pytest.raises(InputError, match="the predictions have no debate"):
        predictions_of_sample(drawn, predictions.assign(debate="elsewhere"))
    named = replace(drawn, debates={"bruggen": next(iter(drawn.debates.values()))})
    _, names = predictions_of_sample(named, predictions)  # a report that nobody named
    assert names == {"bruggen": small.debate.id}
    labels = pd.DataFrame([(small.debate.id, 3, "Jansen", "no_fly_zone", "favor")])
    labels.columns = ["debate", "ordinal", "speaker", "issue", "label"]
    with pytest.raises(InputError, match=r"turn 3 .* is spoken by Jansen in the sample and by Smit in the predictions"):
        labels_for(labels, predictions, {small.debate.id: small.debate.id})


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (",no_fly_zone,", ",frozen_assets,", "has a second label on|was not drawn"),
        ("Jansen", "Smit", "is spoken by"),
        (",none,", ",nothing,", "unknown label 'nothing'"),
    ],
)
def test_sheet_that_was_changed_is_refused(small, tmp_path, old, new, message):
    drawn = draw_sample([(small, small.stance["lm-a"])], [], 6, 0, tmp_path / "next.csv")
    fill(tmp_path / "next.csv", "none")
    text = (tmp_path / "next.csv").read_text(encoding="utf-8-sig").replace(old, new)
    (tmp_path / "next.csv").write_text(text, encoding="utf-8-sig")
    with pytest.raises(LayerError, match=message):
        sample_labels(drawn, [tmp_path / "next.csv"])


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"for": "training"}', '{"for": "estimate", "debates": 3}'])
def test_file_that_is_no_sample_is_refused(tmp_path, text):
    (tmp_path / "a.sample.json").write_text(text)
    with pytest.raises(LayerError, match=r"no sample that standpunt annotate next --for estimate wrote"):
        read_drawn(tmp_path / "a.sample.json")
    with pytest.raises(LayerError, match=r"weg\.json: cannot be read"):
        read_drawn(tmp_path / "weg.json")
