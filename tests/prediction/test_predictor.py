"""A model with what it is asked, pointed at a debate: what is refused before, and the table of answers."""

import pickle
import shutil
from dataclasses import FrozenInstanceError, replace

import numpy as np
import pandas as pd
import pytest
from pyarrow import parquet

from standpunt.annotation.issues import load_issues
from standpunt.errors import InputError
from standpunt.models import build
from standpunt.models.collective.factor_graph import Coupling, FactorGraph
from standpunt.models.collective.family import Collective, CollectiveConfig
from standpunt.models.combined.blend import BlendConfig
from standpunt.models.combined.two_stage import TwoStageConfig
from standpunt.models.controls.frequencies import PartyConfig
from standpunt.models.controls.majority import Majority, MajorityConfig
from standpunt.prediction import predictor as prediction
from standpunt.prediction.output import write_predictions
from standpunt.prediction.predictor import Predictor, predict_debate

ISSUES = load_issues(["no_fly_zone", "frozen_assets"])
LABELS = ("favor", "against", "none")


class Model(Majority):
    """Favours with a probability that grows with the length of the text, none of frozen assets; points at a word."""

    def _predict_proba(self, rows):
        self.sizes = [*getattr(self, "sizes", []), len(rows)]
        self.known = set(self.issues)
        favor = np.array([min(len(row["text"]) / 100, 1.0) for row in rows])
        addressed = np.array([row["issue"] != "frozen_assets" for row in rows])
        return np.column_stack([favor * addressed, (1 - favor) * addressed, 1.0 - addressed])

    def predict_with_evidence(self, rows):
        return self._predict_proba(rows), [None if "Nee" in row["text"] else (5, 9) for row in rows]


@pytest.fixture
def model():
    return Model(MajorityConfig(), LABELS, ISSUES)


@pytest.fixture
def debate(read):
    return read(
        ("De voorzitter", "Mevrouw Smit."),
        ("Mevrouw Smit (Geel)", "Deze brug is oud en scheef en moet dringend worden geverfd, het liefst geel."),
        ("De heer Jansen (Blauw)", "Nee, de brug is mooi zo en blijft zo."),
        ("Minister Pot", "Onze brug wordt groen, dat is besloten, al zullen er ook wel mensen zijn die geel willen."),
    )


@pytest.mark.parametrize("size", [1, 4, 5, 100])
def test_batches_change_nothing_but_what_is_held_at_a_time(model, debate, monkeypatch, size):
    whole = predict_debate(model, debate, brought_up=False)
    model.sizes = []
    monkeypatch.setattr(prediction, "BATCH", size)
    frame = predict_debate(model, debate, brought_up=False)
    pd.testing.assert_frame_equal(frame, whole)
    assert len(frame) == 3 * 2


def test_no_batch_is_larger_than_the_limit(debate, monkeypatch):
    monkeypatch.setattr(prediction, "BATCH", 4)
    sizes = []

    class Counting(Model):
        def _predict_proba(self, rows):
            sizes.append(len(rows))
            return super()._predict_proba(rows)

    predict_debate(Counting(MajorityConfig(), LABELS, ISSUES), debate, brought_up=False)
    assert sizes == [4, 2]


def test_below_the_confidence_wanted_the_label_is_abstain(model, debate):
    sure, careful = (
        predict_debate(model, debate, brought_up=False),
        predict_debate(model, debate, [*ISSUES], min_confidence=0.7),
    )
    pd.testing.assert_frame_equal(sure.drop(columns="label"), careful.drop(columns="label"))
    highest = sure[["p_favor", "p_against", "p_none"]].max(axis=1)
    assert careful["label"].tolist() == sure["label"].where(highest >= 0.7, "abstain").tolist()
    assert set(careful["label"]) == {"favor", "abstain", "none"}


def test_a_probability_equal_to_the_confidence_wanted_is_enough(model, debate):
    assert "abstain" not in set(predict_debate(model, debate, ["frozen_assets"], min_confidence=1.0)["label"])


def test_evidence_is_where_the_turn_says_so(model, debate):
    frame = predict_debate(model, debate, [*ISSUES], evidence=True)
    flown = frame[frame["issue"] == "no_fly_zone"]
    assert [None if pd.isna(text) else text for text in flown["evidence"]] == ["brug", None, "brug"]
    texts = {turn.id: turn.text for turn in debate.turns}
    known = flown[flown["evidence"].notna()]
    assert [
        texts[row.turn][row.evidence_start : row.evidence_end] for row in known.itertuples()
    ] == known["evidence"].tolist()  # fmt: skip
    # What does not address its issue has none.
    assert frame[frame["label"] == "none"]["evidence_start"].isna().all()
    assert "evidence" not in predict_debate(model, debate, brought_up=False)


@pytest.fixture
def whole(model):
    """Return a model that reads a debate as a whole: who answers a turn is on the other side."""
    made = Collective(CollectiveConfig(base={"name": "majority", "family": "majority"}), LABELS, ISSUES)
    made.base = model
    made.graph = FactorGraph(1.0, {"reply": Coupling(same=-4.0, opposite=4.0)})
    made.config.relations = ["reply"]
    return made


@pytest.fixture
def conversation(read):
    return read(
        ("De voorzitter", "Mevrouw Smit."),
        ("Mevrouw Smit (Geel)", "Deze brug is oud en scheef en moet dringend worden geverfd, " + "en wel geel. " * 4),
        ("De heer Jansen (Blauw)", "Onze brug is mooi zo, en zij blijft zo, wat mevrouw Smit daar ook van vindt."),
        (
            "Mevrouw Smit (Geel)",
            "Zeker niet, want deze brug is echt heel erg oud en scheef en zij moet worden geverfd.",
        ),
    )


@pytest.mark.parametrize("size", [1, 100])
def test_turns_of_a_debate_hear_one_another_whatever_the_batches(whole, conversation, monkeypatch, size):
    monkeypatch.setattr(prediction, "BATCH", size)
    frame = predict_debate(whole, conversation, [*ISSUES])
    flown = frame[frame["issue"] == "no_fly_zone"]
    assert flown["label_alone"].tolist() == ["favor", "favor", "favor"]
    assert flown["label"].tolist() == ["favor", "against", "favor"]
    assert set(frame[frame["issue"] == "frozen_assets"]["label"]) == {"none"}
    np.testing.assert_allclose(frame[["p_favor", "p_against", "p_none"]].sum(axis=1), 1)


def test_evidence_is_missing_where_the_answer_comes_from_other_turns(whole, conversation):
    frame = predict_debate(whole, conversation, ["no_fly_zone"], evidence=True)
    assert frame["evidence"].isna().tolist() == [False, True, False]


def test_each_turn_can_be_read_by_itself(whole, model, conversation):
    alone = predict_debate(whole, conversation, [*ISSUES], alone=True, evidence=True)
    expected = predict_debate(model, conversation, [*ISSUES], evidence=True)
    pd.testing.assert_frame_equal(alone.drop(columns="model"), expected.drop(columns="model"))


def test_a_model_that_reads_whole_debates_gets_all_pairs_at_once(debate, monkeypatch):
    monkeypatch.setattr(prediction, "BATCH", 2)
    sizes = []

    class Whole(Model):
        reads_whole_debates = True

        def _predict_proba(self, rows):
            sizes.append(len(rows))
            return super()._predict_proba(rows)

    predict_debate(Whole(MajorityConfig(), LABELS, ISSUES), debate, [*ISSUES])
    assert sizes == [6]


def test_evidence_of_a_model_that_knows_none_is_refused(debate):
    model = prediction.Model  # the contract itself
    assert not hasattr(model, "predict_with_evidence")
    party = build(PartyConfig(), LABELS, ISSUES).fit([{"party": "Geel", "role": "member", "label": "favor"}])
    with pytest.raises(InputError, match="family party cannot tell where"):
        predict_debate(party, debate, evidence=True)


@pytest.mark.parametrize("family", ["two_stage", "blend"])
def test_a_model_of_others_tells_evidence_where_one_of_them_does(model, debate, family):
    words, whole = Majority(MajorityConfig(), LABELS, ISSUES), make_whole(family)
    put = (lambda one: setattr(whole, "second", one)) if family == "two_stage" else (
        lambda one: setattr(whole, "members", {"words": words, "other": one})
    )  # fmt: skip
    put(words)
    with pytest.raises(InputError, match=f"family {family} with these models in it cannot tell where .* poles"):
        Predictor(whole, evidence=True)
    put(model)
    assert Predictor(whole, evidence=True).evidence


def make_whole(family):
    """Return a model of models, with none in it yet."""
    member = {"name": "m", "family": "majority"}
    config = TwoStageConfig() if family == "two_stage" else BlendConfig(members={"words": member, "other": member})
    return build(config, LABELS, ISSUES)


def test_a_debate_without_turns_has_the_columns_of_any_other(model, read, debate):
    empty = read(("De voorzitter", "Ik open de vergadering."))
    for evidence in (False, True):
        frame = predict_debate(model, empty, evidence=evidence)
        assert len(frame) == 0
        assert list(frame) == list(predict_debate(model, debate, evidence=evidence))


def test_the_model_is_told_what_an_issue_is_and_stays_as_it_was(debate):
    known = []

    class Asking(Model):
        def _predict_proba(self, rows):
            known.append(set(self.issues))
            return super()._predict_proba(rows)

    model = Asking(MajorityConfig(), LABELS, ISSUES)
    predict_debate(model, debate, ["wolf_culling"], anyway=True)
    assert known == [{*ISSUES, "wolf_culling"}]
    assert set(model.issues) == set(ISSUES)


@pytest.mark.parametrize("least", [float("nan"), -0.1, 1.1])
def test_a_confidence_that_is_no_probability_is_refused(model, debate, least):
    with pytest.raises(InputError, match=f"min_confidence is {least}; expected a number from 0 to 1"):
        predict_debate(model, debate, min_confidence=least)


def test_a_predictor_is_made_once_and_stays_as_it_is(model, debate, read):
    predictor = Predictor(model, ["no_fly_zone", ISSUES["frozen_assets"]], min_confidence=0.7)
    assert predictor.issues == tuple(ISSUES.values())
    other = read(("De voorzitter", "De heer Pot."), ("De heer Pot (Rood)", "Nee."))
    for one in (debate, other):
        pd.testing.assert_frame_equal(predictor.on(one), predict_debate(model, one, [*ISSUES], min_confidence=0.7))
    with pytest.raises(FrozenInstanceError):
        predictor.evidence = True
    asked_again = replace(predictor, issues=["no_fly_zone"], min_confidence=None)
    pd.testing.assert_frame_equal(asked_again.on(debate), predict_debate(model, debate, ["no_fly_zone"]))


def test_pairs_of_ones_own_choice(model, debate):
    predictor = Predictor(model, brought_up=False)
    turns = debate.turns[1:]
    pairs = [(turns[2], ISSUES["frozen_assets"]), (turns[0], ISSUES["no_fly_zone"])]
    frame = predictor.on(debate, pairs)
    assert list(zip(frame["ordinal"], frame["issue"], strict=True)) == [(4, "frozen_assets"), (2, "no_fly_zone")]
    whole = predictor.on(debate).set_index(["ordinal", "issue"])
    for row in frame.set_index(["ordinal", "issue"]).itertuples():
        assert row.p_favor == whole.loc[row.Index, "p_favor"]
    assert predictor.on(debate, []).empty


def test_rows_say_the_language_and_issues_are_read_in_it(debate, tmp_path):
    seen = []

    class Asking(Model):
        def _predict_proba(self, rows):
            seen.extend((row["language"], row["proposition"]) for row in rows)
            return super()._predict_proba(rows)

    said = ISSUES["no_fly_zone"].proposition
    for language, expected in ((None, said["nl"]), ("en", said["en"]), ("fr", said["nl"])):
        asked = {} if language is None else {"language": language}
        predict_debate(Asking(MajorityConfig(), LABELS, ISSUES), debate, ["no_fly_zone"], **asked)
        assert set(seen) == {(language or "nl", expected)}
        seen.clear()


@pytest.fixture
def saved(tmp_path):
    rows = [{"party": "Geel", "role": "member", "label": label} for label in LABELS]
    build(PartyConfig(), LABELS, ISSUES).fit(rows).save(tmp_path / "model")
    return tmp_path / "model"


def test_it_is_described_by_names_and_settings_and_made_again(saved, debate):
    predictor = Predictor.load(saved, ["wolf_culling"], min_confidence=0.9, anyway=True)
    described = pickle.loads(pickle.dumps(predictor.description))
    pd.testing.assert_frame_equal(Predictor.described(described).on(debate), predictor.on(debate))
    assert described.fingerprint == predictor.description.fingerprint
    assert len(pickle.dumps(described)) < 10_000  # definitions of issues, and no weights


def test_two_predictors_are_the_same_if_they_answer_the_same(saved, tmp_path):
    def fingerprint(folder=saved, *given, **options):
        return Predictor.load(folder, *given, **options).description.fingerprint

    shutil.copytree(saved, tmp_path / "elsewhere")
    changed = replace(ISSUES["no_fly_zone"], pro={"nl": "Ja.", "en": "Yes."})
    one = fingerprint(saved, [*ISSUES])
    assert one == fingerprint(tmp_path / "elsewhere", brought_up=False)
    assert one == fingerprint(saved, [*reversed(ISSUES.values())])
    others = [
        fingerprint(),  # what a debate brings up
        fingerprint(saved, [*ISSUES], drop_none=True),
        fingerprint(saved, [*ISSUES], anyway=True),
        fingerprint(saved, ["no_fly_zone"]),
        fingerprint(saved, [changed, "frozen_assets"]),
        fingerprint(saved, [*ISSUES], min_confidence=0.5),
        fingerprint(saved, [*ISSUES], language="en"),
        fingerprint(saved, [*ISSUES], arguments="standpunt-nl-arguments"),
    ]
    assert len({one, *others}) == 9


def test_a_name_instead_of_a_list_of_names_is_refused(model, debate):
    with pytest.raises(InputError, match=r"expected a list of names or files, such as \['no_fly_zone'\]"):
        predict_debate(model, debate, "no_fly_zone")


def test_parquet_has_one_schema_whatever_is_missing(model, debate, read, tmp_path):
    empty = read(("De voorzitter", "Ik open de vergadering."))
    schemas = []
    for number, one in enumerate((debate, empty)):
        frame = predict_debate(model, one, [*ISSUES], evidence=True, anyway=True).assign(reviewed=True)
        write_predictions(frame, tmp_path / f"{number}.parquet")
        schemas.append(parquet.read_schema(tmp_path / f"{number}.parquet"))
    ours = [schema.remove(schema.get_field_index("reviewed")) for schema in schemas]
    assert ours[0].equals(ours[1])
    assert pd.read_parquet(tmp_path / "0.parquet")["reviewed"].all()


def test_no_rows_are_no_lines(model, read, tmp_path):
    frame = predict_debate(model, read(("De voorzitter", "Ik open de vergadering.")))
    write_predictions(frame, tmp_path / "out.jsonl")
    assert (tmp_path / "out.jsonl").read_bytes() == b""


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_evidence_and_abstention_are_written(model, debate, tmp_path, suffix):
    frame = predict_debate(model, debate, [*ISSUES], evidence=True, min_confidence=0.7)
    write_predictions(frame, tmp_path / f"out.{suffix}")
    readers = {"csv": pd.read_csv, "jsonl": lambda path: pd.read_json(path, lines=True), "parquet": pd.read_parquet}
    found = readers[suffix](tmp_path / f"out.{suffix}")
    for name in ("label", "evidence", "evidence_start", "evidence_end"):
        assert [None if pd.isna(value) else value for value in found[name]] == [
            None if pd.isna(value) else value for value in frame[name]
        ]


def test_an_unknown_runtime_is_refused(tmp_path):
    with pytest.raises(InputError, match="unknown runtime 'onix': did you mean 'onnx'"):
        Predictor.load(tmp_path, runtime="onix")


def test_a_model_of_sentences_is_refused(model, debate):
    model.provenance.task = "component"
    with pytest.raises(InputError, match="made for task component, which is about sentences"):
        predict_debate(model, debate, brought_up=False)


def test_a_model_without_issues_must_be_told_some(debate):
    model = Model(MajorityConfig(), LABELS, {})
    with pytest.raises(InputError, match=r"model majority: it has no issues of its own; name those to predict"):
        predict_debate(model, debate, brought_up=False)
    frame = predict_debate(model, debate, ["no_fly_zone"], anyway=True)
    assert set(frame["issue"]) == {"no_fly_zone"}
    assert not frame["knows_issue"].any()
