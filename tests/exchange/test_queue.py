import json
from dataclasses import replace

import pytest

from standpunt.annotation.issues import load_issues
from standpunt.corpora.rows import row
from standpunt.errors import InputError, LayerError
from standpunt.exchange.annotations import updated
from standpunt.exchange.label_studio_import import import_label_studio
from standpunt.exchange.queue import asked_before, next_pairs, write_queue
from standpunt.exchange.sheets_import import import_sheets
from standpunt.models import build
from standpunt.models.tfidf import TfidfConfig

LABELS = ("favor", "against", "neutral")


@pytest.fixture(scope="module")
def models(small):
    """Return two models that learnt different things."""
    issues = load_issues(["no_fly_zone", "frozen_assets"])
    made = []
    for labels in (LABELS, (*LABELS[1:], LABELS[0])):
        rows = [
            row("d", None, turn, issue) | {"label": label}
            for issue in issues.values()
            for turn, label in zip(small.debate.turns[1:], labels, strict=True)
        ]
        made.append(build(TfidfConfig(min_df=1), labels, issues).fit(rows))
    return made


def keys(pairs):
    return [(pair.turn.ordinal, pair.issue.name) for pair in pairs]


def test_only_pairs_that_the_layer_lacks(small, models):
    layer = small.stance["lm-a"]
    suggested = keys(next_pairs(small, layer, models[:1], "uncertainty", 50))
    assert set(suggested) == {(3, "frozen_assets"), (4, "no_fly_zone"), (4, "frozen_assets")}
    assert keys(next_pairs(small, layer, models[:1], "uncertainty", 2)) == suggested[:2]
    # The layer of the adjudicator is on one issue only.
    assert keys(next_pairs(small, small.stance["adjudicated"], models[:1], "random", 9)) == [(4, "no_fly_zone")]


@pytest.mark.parametrize("strategy", ["uncertainty", "disagreement", "diversity", "random"])
def test_every_strategy_gives_pairs_with_probabilities(small, models, strategy):
    suggested = next_pairs(small, small.stance["leeg"], models, strategy, 4)
    assert len(set(keys(suggested))) == 4
    assert all(pair.probabilities.sum() == pytest.approx(1) for pair in suggested)


def test_disagreement_between_the_other_layers(make, small):
    both = small.stance["lm-a"].labels
    made = make(small.debate, {"adjudicated": [], "a": both, "b": both[1:], "c": both[:1]})
    # Without models: turn 3 on no_fly_zone and turn 2 on both, where one of the three differs from the others.
    suggested = next_pairs(made, made.stance["adjudicated"], [], "disagreement", 9)
    assert set(keys(suggested)) == {(2, "frozen_assets"), (2, "no_fly_zone"), (3, "no_fly_zone")}
    assert all(pair.probabilities is None for pair in suggested)
    with pytest.raises(InputError, match="the layers of two other annotators"):
        next_pairs(small, small.stance["lm-a"], [], "disagreement", 9)


def test_annotator_who_was_not_on_an_issue_does_not_disagree(make, small):
    both = small.stance["lm-a"].labels
    made = make(small.debate, {"adjudicated": [], "a": both, "b": both})
    narrow = replace(made.stance["b"], issues=("no_fly_zone",), labels=both[1:])
    made = replace(made, stance={**made.stance, "b": narrow})
    assert next_pairs(made, made.stance["adjudicated"], [], "disagreement", 9) == []


def test_models_must_have_the_same_labels(small, models):
    other = build(TfidfConfig(), (*LABELS, "none"), {})
    with pytest.raises(InputError, match="the models have different labels: favor, against, neutral and"):
        next_pairs(small, small.stance["lm-a"], [models[0], other], "disagreement", 3)


def test_undefined_issue_is_named(make, small, models):
    made = make(small.debate, {"a": []}, issues=("paint_bridges",))
    with pytest.raises(InputError, match=r"unknown issue 'paint_bridges': no file defines it .*put them into"):
        next_pairs(made, made.stance["a"], models, "random", 3)


def test_tasks_of_label_studio(small, models, tmp_path):
    layer = small.stance["lm-a"]
    pairs = next_pairs(small, layer, models[:1], "uncertainty", 50)
    write_queue(tmp_path / "next.json", small, layer, pairs, models[0])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["next.json", "next.xml"]
    tasks = json.loads((tmp_path / "next.json").read_text(encoding="utf-8"))
    assert {task["data"]["ordinal"]: len(task["data"]["asked"]) for task in tasks} == {3: 1, 4: 2}
    assert all(task["data"]["asked"][0] in task["data"]["heading"] for task in tasks)
    assert all(len(task["predictions"][0]["result"]) == len(task["data"]["asked"]) for task in tasks)
    assert 'name="stance_no_fly_zone"' in (tmp_path / "next.xml").read_text(encoding="utf-8")
    # What the annotator answers is laid over the layer.
    task = next(task for task in tasks if task["data"]["ordinal"] == 4)
    task["annotations"] = [
        {"completed_by": {"email": "lm-a@standpunt.invalid"}, "result": task["predictions"][0]["result"]}
    ]
    (tmp_path / "done.json").write_text(json.dumps(tasks), encoding="utf-8")
    imported = updated(small, import_label_studio(tmp_path / "done.json", small))
    assert {*imported.stance["lm-a"].by_pair()} == {*layer.by_pair(), (4, "no_fly_zone"), (4, "frozen_assets")}
    assert imported.stance["adjudicated"] == small.stance["adjudicated"]
    assert imported.arguments == small.arguments


@pytest.mark.parametrize("name", ["next.json", "next.csv"])
def test_pairs_of_an_earlier_queue_are_left_out(small, models, tmp_path, name):
    layer = small.stance["lm-a"]
    first = next_pairs(small, layer, models[:1], "uncertainty", 1)
    write_queue(tmp_path / name, small, layer, first, models[0])
    seen = asked_before([tmp_path / name], small)
    assert seen == set(keys(first))
    rest = keys(next_pairs(small, layer, models[:1], "uncertainty", 9, seen=seen))
    assert len(rest) == 2
    assert not seen & set(rest)
    assert next_pairs(small, layer, models[:1], "uncertainty", 9, seen={*seen, *rest}) == []


def test_queue_of_another_debate_is_refused(small, models, tmp_path):
    layer = small.stance["lm-a"]
    pairs = next_pairs(small, layer, models[:1], "uncertainty", 3)
    other = replace(small, source=replace(small.source, sha256="0" * 64))
    write_queue(tmp_path / "next.json", other, layer, pairs, None)
    with pytest.raises(LayerError, match=r"next\.json, task 1: it belongs to another text"):
        asked_before([tmp_path / "next.json"], small)
    write_queue(tmp_path / "next.csv", small, layer, pairs, None)
    text = (tmp_path / "next.csv").read_text(encoding="utf-8-sig").replace("Daarom.", "Nergens om.")
    (tmp_path / "next.csv").write_text(text, encoding="utf-8-sig")
    with pytest.raises(LayerError, match="its text is not that of turn 4"):
        asked_before([tmp_path / "next.csv"], small)
    for text in ("[{}]", "{", '[{"data": {"asked": 3}}]', "3"):
        (tmp_path / "a.json").write_text(text)
        with pytest.raises(LayerError, match=r"a\.json: not tasks that annotate next wrote"):
            asked_before([tmp_path / "a.json"], small)
    with pytest.raises(LayerError, match=r"weg\.json: cannot be read"):
        asked_before([tmp_path / "weg.json"], small)


def test_answers_keep_the_codebook_of_the_layer(small, tmp_path):
    layer = replace(small.stance["lm-a"], codebook=2)
    made = replace(small, stance={**small.stance, "lm-a": layer})
    write_queue(tmp_path / "next.csv", made, layer, next_pairs(made, layer, [], "random", 3), None)
    assert updated(made, import_sheets(tmp_path / "next.csv", made)).stance["lm-a"] == layer


def test_nothing_that_may_be_filled_in_is_written_over(small, tmp_path):
    for name in ("next.csv", "next.xml"):
        (tmp_path / name).write_text("mine")
    for name, taken in (("next.csv", "next.csv"), ("next.json", "next.xml")):
        with pytest.raises(InputError, match=f"{taken}: exists already"):
            write_queue(tmp_path / name, small, small.stance["lm-a"], [], None)
    assert {path.read_text() for path in tmp_path.iterdir()} == {"mine"}


def test_rows_of_a_sheet(small, models, tmp_path):
    layer = small.stance["lm-a"]
    pairs = next_pairs(small, layer, models[:1], "diversity", 2)
    write_queue(tmp_path / "next.csv", small, layer, pairs, models[0])
    text = (tmp_path / "next.csv").read_text(encoding="utf-8-sig")
    assert text.startswith("annotator,turn,speaker,kind,issue,label,leaning,strength,conditional,asks,evidence,text")
    assert import_sheets(tmp_path / "next.csv", small).stance["lm-a"].labels == ()
    (tmp_path / "next.csv").write_text(text.replace(",,,,,,[]", ",neutral,,,,,[]"), encoding="utf-8-sig")
    imported = updated(small, import_sheets(tmp_path / "next.csv", small)).stance["lm-a"]
    assert imported.by_pair() == layer.by_pair() | dict.fromkeys(keys(pairs), "neutral")


@pytest.mark.parametrize("name", ["next.txt", "next", "weg/next.json", "weg/next.csv"])
def test_file_that_cannot_be_written(small, tmp_path, name):
    with pytest.raises(InputError, match=name):
        write_queue(tmp_path / name, small, small.stance["lm-a"], [], None)
    assert list(tmp_path.iterdir()) == []
