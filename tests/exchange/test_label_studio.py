import json
import os
import subprocess
import sys
from copy import deepcopy
from pathlib import Path

import numpy as np
import pytest
from lxml import etree

from standpunt.annotation.issues import load_issues
from standpunt.annotation.layers import Label
from standpunt.corpora.rows import row
from standpunt.debate import Debate
from standpunt.errors import InputError, LayerError
from standpunt.exchange.annotations import updated
from standpunt.exchange.label_studio import CONFIG, TASKS, address, export_label_studio
from standpunt.exchange.label_studio_config import labelling_config
from standpunt.exchange.label_studio_import import import_label_studio
from standpunt.exchange.predictions import debate_predictions
from standpunt.models import build
from standpunt.models.tfidf import TfidfConfig

PYTHON = os.environ.get("STANDPUNT_LABEL_STUDIO")
CHECK = Path(__file__).with_name("label_studio_check.py")


@pytest.fixture
def out(small, tmp_path):
    export_label_studio(small, tmp_path / "out")
    return tmp_path / "out"


@pytest.fixture
def tasks(out):
    return json.loads((out / TASKS).read_text(encoding="utf-8"))


@pytest.fixture
def take(small, tmp_path):
    """Return a function that writes tasks to a file and imports it."""

    def write_and_import(tasks, **people):
        path = tmp_path / "export.json"
        path.write_text(tasks if isinstance(tasks, str) else json.dumps(tasks), encoding="utf-8")
        return import_label_studio(path, small.without_layers(), people.get("people"))

    return write_and_import


def annotation(tasks, turn, annotator):
    """Return the annotation of an annotator on a turn, to change it in place."""
    (task,) = (task for task in tasks if task["data"]["ordinal"] == turn)
    (found,) = (one for one in task["annotations"] if one["completed_by"]["first_name"] == annotator)
    return found


def result(tasks, control, turn=2, annotator="lm-a"):
    """Return the first result of a control ("relation" for a link)."""
    regions = annotation(tasks, turn, annotator)["result"]
    return next(item for item in regions if item.get("from_name", item["type"]) == control)


def test_a_task_a_turn_that_is_not_the_chairs(tasks, small):
    assert [task["data"]["ordinal"] for task in tasks] == [2, 3, 4]
    data = tasks[1]["data"]
    turn = small.debate.turn(3)
    assert data["text"] == turn.text
    assert (data["turn"], data["speaker"], data["kind"]) == (turn.id, "Smit", turn.kind)
    assert data["replies_to"] == small.debate.turn(2).id
    assert data["answered"] == f"Jansen: {small.debate.turn(2).text}"
    assert data["sha256"] == small.source.sha256
    assert tasks[0]["data"]["answered"] == ""


def test_annotators_are_kept_apart(tasks):
    people = [[one["completed_by"]["first_name"] for one in task["annotations"]] for task in tasks]
    assert people == [["adjudicated", "leeg", "lm-a"]] * 2 + [["adjudicated", "jan@uni.nl", "leeg", "lm-a"]]
    assert annotation(tasks, 2, "adjudicated")["ground_truth"]
    assert not annotation(tasks, 2, "lm-a")["ground_truth"]
    assert annotation(tasks, 4, "jan@uni.nl")["completed_by"]["email"] == "jan@uni.nl"
    assert address("José B") == "%4aos%c3%a9%20%42@standpunt.invalid"


def test_config_has_every_control_that_results_name(out, tasks):
    config = etree.fromstring((out / CONFIG).read_text(encoding="utf-8"))
    controls = {tag.get("name") for tag in config.iter() if tag.get("toName") == "text"}
    used = {item["from_name"] for t in tasks for a in t["annotations"] for item in a["result"] if "from_name" in item}
    assert used <= controls
    values = {tag.get("value") for tag in config.iter("Label", "Choice", "Relation")}
    assert {"claim", "premise", "economic", "support", "no_fly_zone", "against"} <= values
    asked = {tag.get("value") for tag in config.iter() if (tag.get("value") or "").startswith("$")}
    assert {name.removeprefix("$") for name in asked} <= tasks[0]["data"].keys()


def test_config_shows_the_proposition_and_does_without():
    config = labelling_config(["no_fly_zone", "<eigen>"], load_issues(["no_fly_zone"]))
    headers = [tag.get("value") for tag in etree.fromstring(config).iter("Header")]
    assert headers[-2].startswith("no_fly_zone: Er moet een no-flyzone")
    assert headers[-1] == "<eigen>"
    assert etree.fromstring(labelling_config([], {})).find("Labels[@name='evidence']") is None


def test_edited_label_comes_in(tasks, take):
    result(tasks, "stance_no_fly_zone")["value"]["choices"] = ["favor"]
    assert take(tasks).stance["lm-a"].by_pair()[2, "no_fly_zone"] == "favor"


def test_what_an_annotator_took_back_goes(tasks, take, small):
    annotation(tasks, 2, "lm-a")["result"] = []
    annotation(tasks, 3, "lm-a")["was_cancelled"] = True
    imported = updated(small, take(tasks))
    assert set(imported.stance["lm-a"].by_pair()) == {(3, "no_fly_zone")}
    assert [one.turn for one in imported.arguments["lm-a"].sentences] == [4]
    assert imported.stance["adjudicated"] == small.stance["adjudicated"]


def test_answers_to_a_queue_take_back_only_what_was_asked(tasks, take, small):
    task = tasks[0]
    task["data"]["asked"] = ["frozen_assets"]
    task["annotations"] = [annotation(tasks, 2, "lm-a") | {"result": []}]
    imported = updated(small, take([task]))
    assert set(imported.stance["lm-a"].by_pair()) == {(2, "no_fly_zone"), (3, "no_fly_zone")}
    assert imported.arguments == small.arguments


def test_annotator_of_label_studio_is_named(tasks, take, small):
    numbers = {"adjudicated": 2, "leeg": 3, "lm-a": 4, "jan@uni.nl": 5}
    for task in tasks:
        for one in task["annotations"]:
            one["completed_by"] = numbers[one["completed_by"]["first_name"]]
    people = {str(number): name for name, number in numbers.items()}
    imported = take(tasks, people=people)
    assert (imported.stance, imported.arguments) == (small.stance, small.arguments)
    with pytest.raises(LayerError, match=r"completed_by is 2, .*--who 2=NAME"):
        take(tasks)


def test_new_annotator_gets_a_layer_on_all_issues(tasks, take, small):
    annotation(tasks, 2, "lm-a")["completed_by"] = {"email": "piet@uni.nl"}
    imported = take(tasks)
    assert imported.stance["piet@uni.nl"].issues == small.issues
    assert set(imported.stance["piet@uni.nl"].by_pair()) == {(2, "frozen_assets"), (2, "no_fly_zone")}
    assert [one.turn for one in imported.arguments["piet@uni.nl"].sentences] == [2] * 4


def test_skipped_annotation_and_predictions_are_passed_over(tasks, take):
    annotation(tasks, 2, "lm-a")["was_cancelled"] = True
    tasks[0]["predictions"] = [{"model_version": "m", "result": annotation(tasks, 2, "lm-a")["result"]}]
    imported = take(tasks)
    assert {turn for turn, _ in imported.stance["lm-a"].by_pair()} == {3}


def test_link_may_be_drawn_the_other_way(tasks, take, small):
    link = result(tasks, "relation")
    link |= {"direction": "left", "from_id": link["to_id"], "to_id": link["from_id"]}
    assert take(tasks).arguments == small.arguments


def test_added_issue_joins_the_layer(tasks, take):
    annotation(tasks, 3, "adjudicated")["result"].append(deepcopy(result(tasks, "stance_frozen_assets")))
    layer = take(tasks).stance["adjudicated"]
    assert layer.issues == ("no_fly_zone", "frozen_assets")
    assert layer.by_pair()[3, "frozen_assets"] == "neutral"


def changes():
    """Yield what to do to the tasks, and what the refusal says."""

    def at(control, **change):
        return lambda tasks: result(tasks, control).update(change)

    def value(control, **change):
        return lambda tasks: result(tasks, control)["value"].update(change)

    def data(**change):
        return lambda tasks: tasks[1]["data"].update(change)

    def who(value):
        return lambda tasks: annotation(tasks, 2, "lm-a").update(completed_by=value)

    def double(tasks):
        tasks[0]["annotations"].append(tasks[0]["annotations"][0])

    def again(tasks):
        regions = annotation(tasks, 2, "lm-a")["result"]
        regions.append(regions[-1] | {"from_name": "stance_no_fly_zone", "value": {"choices": ["favor"]}})

    return {
        "other text": (data(sha256="0" * 64), "task 2: it belongs to another text"),
        "other words": (data(text="Daarom niet."), r"task 2: its text is not that of turn 3 \(Smit\)"),
        "white space": (data(text="=SOM(A1) is geen antwoord.  Waarom?"), "task 2: its text is not"),
        "no such turn": (data(ordinal=9), "there is no turn 9; the debate has 4"),
        "ordinal as text": (data(ordinal="3"), "there is no turn '3'"),
        "label": (value("stance_no_fly_zone", choices=["voor"]), r"task 1 \(turn 2\), lm-a: unknown label 'voor'"),
        "no choice": (value("stance_no_fly_zone", choices=[None]), "not a result"),
        "two choices": (value("stance_no_fly_zone", choices=["favor", "against"]), "not a result"),
        "unknown issue": (at("stance_no_fly_zone", from_name="stance_no_fly"), "evidence on no_fly_zone but no stance"),
        "stance twice": (again, "a second stance for no_fly_zone"),
        "control": (at("frame", from_name="mood"), "unknown control 'mood'"),
        "offsets": (value("evidence", end=9999), "lies outside turn 2"),
        "text offsets": (value("evidence", start="0"), "whole numbers as offsets"),
        "other quote": (value("component", start=1), "are 'oorzitter.', not 'Voorzitter.'"),
        "component": (value("component", labels=["thesis"]), "unknown component 'thesis'"),
        "frame": (value("frame", choices=["money"]), "unknown frame 'money'"),
        "frame nowhere": (at("frame", id="weg"), "weg has a frame or a link but is no sentence"),
        "both ways": (at("relation", direction="bi"), "a link in both directions"),
        "link unlabelled": (at("relation", labels=[]), "neither support nor attack"),
        "relation": (at("relation", labels=["rebut"]), "unknown relation 'rebut'"),
        "link to premise": (at("relation", to_id="sentence-4"), "is no claim of turn 2"),
        "link nowhere": (at("relation", to_id="sentence-9"), "sentence-9 has a frame or a link"),
        "two annotations": (double, "adjudicated has annotated turn 2 twice"),
        "nobody": (who(None), "without completed_by"),
        "name for a path": (who({"email": "../x@uni.nl"}), "part of file names"),
        "codebook": (
            data(layers=[{"layer": "arguments", "annotator": "a", "codebook": float("inf")}]),
            "not a task as",
        ),
        "issue of a layer": (
            data(layers=[{"layer": "stance", "annotator": "a", "codebook": 1, "issues": [5]}]),
            "task 2: 'issue' must be a text",
        ),
        "no data": (lambda tasks: tasks[1].pop("data"), "task 2: not a task as standpunt exports them"),
        "results no list": (lambda tasks: annotation(tasks, 2, "lm-a").update(result=3), "not a result"),
    }


@pytest.mark.parametrize("name", changes())
def test_wrong_annotation_is_refused_with_its_place(tasks, take, name):
    change, why = changes()[name]
    change(tasks)
    with pytest.raises(LayerError, match=why):
        take(tasks)


def test_unknown_issue_is_refused(tasks, take):
    annotation(tasks, 4, "leeg")["result"].append(
        {"id": "x", "from_name": "stance_no_fly", "to_name": "text", "type": "choices", "value": {"choices": ["favor"]}}
    )
    with pytest.raises(LayerError, match=r"turn 4.*unknown issue 'no_fly': did you mean 'no_fly_zone'"):
        take(tasks)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('[{"text": "a", "annotator": 1, "annotation_id": 3}]', "JSON_MIN export.*choose JSON"),
        ("annotation_id,annotator,text\n1,2,a\n", "CSV.*choose JSON"),
        ("-DOCSTART- -X- O\n", "CoNLL.*choose JSON"),
        ('[{"data": {}', "damaged JSON .*export it once more"),
        ("[" * 100_000, "damaged JSON"),
        ("[]", "expected a list of tasks"),
        ('{"data": {}}', "expected a list of tasks"),
        ("[3]", "expected a list of tasks"),
        ('[{"tekst": "a"}]', "not a task as standpunt exports"),
        ("\x00", "not JSON"),
    ],
)
def test_other_exports_are_refused_with_the_reason(take, text, why):
    with pytest.raises(LayerError, match=why):
        take(text)


def test_missing_file(small, tmp_path):
    with pytest.raises(LayerError, match="cannot be read"):
        import_label_studio(tmp_path / "weg.json", small)


def test_nothing_is_written_over(small, out):
    with pytest.raises(InputError, match="exists already"):
        export_label_studio(small, out)


def test_debate_of_a_chair_alone_has_no_task(make, small, tmp_path):
    alone = Debate("d", "Bruggen", small.debate.turns[:1])
    with pytest.raises(InputError, match="only the chair speaks"):
        export_label_studio(make(alone, {"a": []}), tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("labels", [("favor", "against", "neutral"), ("favor", "against", "neutral", "none")])
def test_predictions_of_a_model(small, tmp_path, labels):
    issues = load_issues(["no_fly_zone", "frozen_assets"])
    turns = small.debate.turns[1:]
    train = [
        row("d", None, turn, issue) | {"label": label}
        for issue in issues.values()
        for turn, label in zip(turns, (labels[0], labels[-1], labels[1]), strict=True)
    ]
    model = build(TfidfConfig(min_df=1), labels, issues).fit(train)
    predictions = debate_predictions(model, small, small.issues)
    # Without "none" a model is asked only about pairs that somebody labelled: (2, both issues) and (3, no_fly_zone).
    assert {turn: len(one["result"]) for turn, one in predictions.items()} == (
        {2: 2, 3: 1} if len(labels) == 3 else {2: 2, 3: 0, 4: 2}
    )
    first = predictions[2]["result"][0]
    assert first["from_name"] == "stance_no_fly_zone"
    chosen = model.predict_proba([row("d", None, turns[0], issues["no_fly_zone"])])[0]
    assert first["value"]["choices"] == [labels[int(np.argmax(chosen))]]
    assert first["score"] == pytest.approx(chosen.max())
    export_label_studio(small, tmp_path / "out", predictions=predictions)
    tasks = json.loads((tmp_path / "out" / TASKS).read_text(encoding="utf-8"))
    assert tasks[0]["predictions"] == [predictions[2]]
    back = import_label_studio(tmp_path / "out" / TASKS, small.without_layers())
    assert back.stance == small.stance


def test_further_issues_may_be_labelled(make, small, tmp_path):
    made = make(small.debate, {"a": [Label(2, "no_fly_zone", "favor", "Jansen")]}, issues=("no_fly_zone",))
    export_label_studio(made, tmp_path / "out", issues=["frozen_assets"])
    assert "stance_frozen_assets" in (tmp_path / "out" / CONFIG).read_text(encoding="utf-8")
    back = import_label_studio(tmp_path / "out" / TASKS, made.without_layers())
    assert back.stance == made.stance


@pytest.mark.skipif(
    not PYTHON,
    reason="no Label Studio: set STANDPUNT_LABEL_STUDIO to the python of an environment with label-studio-sdk",
)
def test_label_studios_own_converter_takes_it(small, out, tmp_path):
    done = subprocess.run(
        [PYTHON or sys.executable, str(CHECK), str(out), str(tmp_path / "converted")],
        capture_output=True, encoding="utf-8", check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout.splitlines()[-1])
    assert seen["invalid"] == 0
    # Every sentence is found in the CoNLL file, which holds one text an annotation.
    assert seen["begins"]["claim"] == 3
    assert seen["begins"]["premise"] == 2
    bare = small.without_layers()
    back = import_label_studio(tmp_path / "converted" / "JSON" / "result.json", bare)
    assert (back.stance, back.arguments) == (small.stance, small.arguments)
    for name in ("JSON_MIN/result.json", "CSV/result.csv", "TSV/result.csv", "CONLL2003/result.conll"):
        with pytest.raises(LayerError, match="choose JSON"):
            import_label_studio(tmp_path / "converted" / name, bare)
