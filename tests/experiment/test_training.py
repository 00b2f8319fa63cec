"""Which rows the models of an experiment are trained on: none whose text is tested on, in whatever corpus."""

from dataclasses import replace

import numpy as np
import pytest
from datasets import Dataset, concatenate_datasets

from standpunt.corpora.loading import LoadedRows
from standpunt.errors import InputError
from standpunt.experiment.config import Config, CorpusConfig, SplitConfig
from standpunt.experiment.preparation import divide
from standpunt.experiment.training import Training
from standpunt.models.base import Model
from standpunt.models.controls.majority import MajorityConfig
from standpunt.splits.development import given_development
from standpunt.text.duplicates import Duplicates

LONG = "Voorzitter, wij vinden dat de brug over de rivier bij het oude dorp geel geverfd moet worden, en wel nu."
NEAR = LONG.replace("geel", "rood")
SHORT = "Dank u wel, voorzitter."


def corpus(name, *texts, parts=None, **more):
    rows = {
        "id": [f"{name}/{number}" for number in range(len(texts))],
        "debate": [name] * len(texts),
        "date": ["2030-01-01"] * len(texts),
        "turn": [str(number) for number in range(len(texts))],
        "speaker": [f"{name} {number}" for number in range(len(texts))],
        "party": [None] * len(texts),
        "role": ["member"] * len(texts),
        "issue": ["brug"] * len(texts),
        "proposition": ["De brug moet geel."] * len(texts),
        "text": list(texts),
        "label": ["favor", "against"] * (len(texts) // 2) + ["favor"] * (len(texts) % 2),
    }
    return LoadedRows(name, Dataset.from_dict(rows | ({"part": parts} if parts else {}) | more), {})


@pytest.fixture
def fitted(monkeypatch):
    """Return a list to which every model that is fitted adds the ids of its training rows and of its dev rows."""
    notes = []
    fit = Model.fit

    def noted(self, train, dev=None, seed=0):
        notes.append((sorted(train["id"]), sorted(dev["id"]) if dev is not None else None))
        return fit(self, train, dev, seed)

    monkeypatch.setattr(Model, "fit", noted)
    return notes


def training(*corpora, tests=(), split="leave_one_out", auxiliary=None, **settings):
    config = Config(
        "trial",
        corpus=CorpusConfig("main"),
        split=SplitConfig(split, **settings),
        model=MajorityConfig("m", "majority"),
    )
    prepared = divide(config, corpora, tests, auxiliary=auxiliary)
    return Training(config, prepared), prepared.folds


def test_rows_like_those_of_a_test_corpus_are_never_trained_on(fitted):
    made, folds = training(corpus("main", LONG, "Ja.", SHORT, "Nee."), tests=[corpus("other", NEAR, SHORT)])
    assert made.on(None).dropped == 1
    assert fitted == [(["main/1", "main/2", "main/3"], None)]
    made.on(folds[1])
    assert fitted[1] == (["main/2", "main/3"], None)


def test_rows_of_a_further_corpus_like_those_a_fold_tests_on_are_left_out(fitted):
    made, folds = training(corpus("main", LONG, "Ja.", "Nee."), corpus("also", NEAR, "Nee.", SHORT))
    for fold in folds:
        made.on(fold)
    also = [[name for name in train if name.startswith("also")] for train, _ in fitted]
    assert also == [["also/1", "also/2"], ["also/0", "also/1", "also/2"], ["also/0", "also/1", "also/2"]]
    made.on(None)
    assert len(fitted[-1][0]) == 6


def test_parts_share_a_model_and_its_dev_rows_are_clean(fitted):
    main = corpus("main", "Ja.", "Nee.", LONG, "Soms.", "a", "b", parts=["train", "train", "dev", "dev", "one", "two"])
    also = corpus("also", "Zo.", "Niet.", parts=["train", "dev"])
    made, folds = training(main, also, tests=[corpus("other", NEAR)], split="parts")
    assert made.on(folds[0]).model is made.on(folds[1]).model
    assert fitted == [(["also/0", "main/0", "main/1"], ["also/1", "main/3"])]


@pytest.mark.parametrize(
    ("unit", "main", "also", "left"),
    [
        ("issue", ["brug", "weg"], ["weg", "brug", "water"], [{0, 2}, {1, 2}]),
        ("party", [None, "Geel"], ["Geel", None, "Paars"], [{1, 2}, {0, 1, 2}]),  # without one they share nothing
        ("speaker", ["A", "B"], ["A", "A", "B"], [{2}, {0, 1}]),
    ],
)
def test_further_corpora_lose_the_unit_that_is_held_out(fitted, unit, main, also, left):
    own = {"proposition": ["De brug moet geel.", "De weg moet breder."]} if unit == "issue" else {}
    others = {"proposition": ["a", "b", "c"]} if unit == "issue" else {}
    made, folds = training(
        corpus("main", "Ja.", "Nee.", **{unit: main} | own), corpus("also", "a", "b", "c", **{unit: also} | others),
        unit=unit,
    )  # fmt: skip
    for fold, wanted in zip(folds, left, strict=True):
        made.on(fold)
        assert {name for name in fitted[-1][0] if name.startswith("also")} == {f"also/{place}" for place in wanted}


def test_further_corpora_lose_the_debate_that_is_held_out_under_another_name(fitted):
    speeches = [" ".join(f"Zin {n} van spreker{who} over brug{who}{n}." for n in range(20)) for who in range(2)]
    main = corpus("main", speeches[0], speeches[1], debate=["2030-01-01 Brug", "2030-02-01 Weg"])
    also = corpus("also", speeches[0][:400], "Heel iets anders.", debate=["2030-01-01-brug", "2030-03-01-water"])
    made, folds = training(main, also, unit="debate")
    for fold in folds:
        made.on(fold)
    assert [train for train, _ in fitted] == [["also/1", "main/1"], ["also/0", "also/1", "main/0"]]
    made, _ = training(main, tests=[also], split="train_test", disjoint=["debate"])
    made.on(None)
    assert fitted[-1][0] == ["main/1"]


def test_a_disjoint_unit_is_on_one_side_of_all_corpora(fitted):
    asked = {"issue": [f"{place}" for place in range(7)], "proposition": ["a", "b", "c", "A!", "c?", "d", "e"]}
    main = corpus("main", *map(str, range(7)), parts=["train", "train", "train", "one", "dev", "dev", "dev"], **asked)
    more = {"issue": ["x", "y", "5"], "proposition": ["a.", "f", "g"]}
    also = corpus("also", "Zo.", "Zus.", "Niet.", **more)
    other = corpus("other", "Elders.", issue=["z"], proposition=["E"])
    made, folds = training(main, also, tests=[other], split="parts", disjoint=["issue"])
    assert made.on(folds[0]).dropped == 5
    # "a" is tested on and "e" elsewhere; "c" is trained on, and so is issue 5.
    assert fitted == [(["also/1", "also/2", "main/1", "main/2"], None)]
    training(main, also, tests=[other], split="parts")[0].on(folds[0])
    assert fitted[1] == (["also/0", "also/1", "also/2", "main/0", "main/1", "main/2"], ["main/4", "main/5", "main/6"])


def test_further_corpora_are_from_before_the_days_tested_on(fitted):
    days = ["2030-01-01", "2030-01-02", "2030-01-05", "2030-01-06"]
    main = corpus("main", "Ja.", "Nee.", "Soms.", "Ooit.", date=days)
    also = corpus("also", "a", "b", "c", date=["2029-05-05", "2030-01-04", "2030-01-05"])
    made, folds = training(main, also, split="time_forward", test_share=0.5)
    assert made.on(folds[0]).dropped == 1
    assert fitted == [(["also/0", "also/1", "main/0", "main/1"], None)]
    past = given_development(
        np.array([1]), np.array([0]), Duplicates(["Ja.", "Nee.", "Soms.", "Ooit."])
    )  # as a search divides the past
    made.on(past)
    assert fitted[1] == (["also/0", "also/1", "main/1"], None)
    made.on(None)
    assert len(fitted[2][0]) == 7


def test_rows_without_a_date_are_no_past():
    main = corpus("main", "Ja.", "Nee.", date=["2030-01-01", "2030-01-02"])
    with pytest.raises(InputError, match="a row of corpus also has no date"):
        training(main, corpus("also", "a", "b", date=["2029-01-01", None]), split="time_forward")


def test_a_row_left_out_for_its_text_takes_no_issue_along(fitted):
    asked = {"issue": ["brug", "brug", "weg", "water"], "proposition": ["a", "a", "b", "c"]}
    made, folds = training(
        corpus("main", LONG, "Ja.", "Nee.", NEAR, parts=["train", "train", "train", "one"], **asked),
        split="parts",
        disjoint=["issue"],
    )
    made.on(folds[0])
    assert fitted == [(["main/1", "main/2"], None)]


def test_nothing_left_to_train_on_is_told():
    made, _ = training(corpus("main", LONG, NEAR), tests=[corpus("other", LONG)], split="train_test")
    with pytest.raises(InputError, match="nothing is left to train on"):
        made.on(None)


def test_other_settings_train_on_the_same_rows(fitted):
    main = corpus("main", LONG, "Ja.", "Nee.")
    config = Config("trial", corpus=CorpusConfig("main"), model=MajorityConfig("m", "majority"))
    prepared = divide(config, [main])
    first, other = (Training(replace(config, seed=seed), prepared) for seed in (0, 7))
    assert first.on(prepared.folds[0]).model is not other.on(prepared.folds[0]).model
    assert fitted[0] == fitted[1]
    assert other.on(prepared.folds[0]).model.provenance.seed == 7
    np.testing.assert_array_equal(prepared.rows.trainable(None)[0], np.arange(3))


def test_no_debate_that_is_tested_on_is_in_another_task(monkeypatch):
    given = []
    monkeypatch.setattr(Model, "fit", lambda self, *_: given.append(self.auxiliary))
    three = [corpus(name, "a", "b", parts=["train", "dev"]).rows for name in ("main", "other", "third")]
    rows = LoadedRows("mixed", concatenate_datasets(three), {})
    made, folds = training(corpus("main", "Ja.", "Nee."), tests=[corpus("other", "Zo.")], auxiliary={"component": rows})
    made.on(None)
    made.on(folds[0])
    whole, fold = (found["component"] for found in given)
    assert whole.labels == ("claim", "premise", "none")
    assert (whole.train["debate"], whole.dev["debate"]) == (["main", "third"], ["main", "third"])
    assert (fold.train["debate"], fold.dev["debate"]) == (["third"], ["third"])
    made, _ = training(
        corpus("main", "Ja.", "Nee."), tests=[corpus("other", "Zo.")], auxiliary={"frame": corpus("other", "Want.")}
    )
    with pytest.raises(InputError, match="nothing of other is left to learn frame from"):
        made.on(None)


def test_no_debate_of_another_part_is_in_another_task(monkeypatch):
    given = []
    monkeypatch.setattr(Model, "fit", lambda self, *_: given.append(self.auxiliary))
    texts, parts = ("Ja.", "Nee.", "Soms."), ("train", "one", "two")
    own = [
        corpus(f"d{place}", text, parts=[part]).rows
        for place, (text, part) in enumerate(zip(texts, parts, strict=True))
    ]
    main = LoadedRows("main", concatenate_datasets(own), {})
    rows = LoadedRows("mixed", concatenate_datasets([corpus(f"d{place}", "a").rows for place in range(4)]), {})
    made, folds = training(main, split="parts", auxiliary={"component": rows})
    made.on(folds[0])  # whose model the other part shares
    assert given[0]["component"].train["debate"] == ["d0", "d3"]
