"""What a model was made for: known issues, unseen ones, and models without the label "none"."""

from dataclasses import replace

import pytest

from standpunt.annotation.issues import load_issue, load_issues
from standpunt.errors import InputError
from standpunt.models import Model, build
from standpunt.models.collective.family import CollectiveConfig
from standpunt.models.combined.blend import BlendConfig
from standpunt.models.combined.two_stage import TwoStageConfig
from standpunt.models.controls.frequencies import IssueConfig, PartyConfig
from standpunt.models.controls.majority import MajorityConfig
from standpunt.models.finetuned.nli import NliConfig
from standpunt.models.frozen.poles import PolesConfig
from standpunt.models.tfidf import TfidfConfig
from standpunt.prediction.description import Description
from standpunt.prediction.predictor import Predictor

NAMES = ["no_fly_zone", "frozen_assets"]
LABELS = ("favor", "against", "neutral", "none")
ROWS = [
    {"text": f"de brug {word}", "issue": issue, "proposition": "De brug moet geel.", "label": label}
    for issue in NAMES
    for word, label in (("geel", "favor"), ("blauw", "against"), ("scheef", "none"), ("oud", "neutral"))
]


def trained(labels=LABELS, **settings):
    rows = [row for row in ROWS if row["label"] in labels]
    return build(TfidfConfig(**settings), labels, load_issues(NAMES)).fit(rows)


@pytest.fixture
def debate(read):
    return read(("De voorzitter", "Mevrouw Smit."), ("Mevrouw Smit (Geel)", "De brug moet geel."))


def test_a_model_of_words_is_asked_what_it_knows_only(debate):
    model = trained()
    assert Predictor(model, NAMES).on(debate)["knows_issue"].all()
    with pytest.raises(InputError, match=r"was not trained on wolf_culling and reads no propositions.*--anyway"):
        Predictor(model, [*NAMES, "wolf_culling"])
    frame = Predictor(model, [NAMES[0], "wolf_culling"], anyway=True).on(debate).set_index("issue")
    assert frame["knows_issue"].to_dict() == {NAMES[0]: True, "wolf_culling": False}
    assert frame["anyway"].to_dict() == {NAMES[0]: False, "wolf_culling": True}


def test_a_model_that_reads_the_proposition_takes_any_issue_and_says_what_it_knew(debate):
    frame = Predictor(trained(proposition=True), [NAMES[0], "wolf_culling"]).on(debate).set_index("issue")
    assert frame["knows_issue"].to_dict() == {NAMES[0]: True, "wolf_culling": False}
    assert "anyway" not in frame


def test_a_model_that_labels_every_turn_is_refused(debate):
    model = trained(labels=LABELS[:3])
    with pytest.raises(InputError, match=r"its labels \(favor, against, neutral\) have no 'none'.*stance_joint"):
        Predictor(model, NAMES)
    frame = Predictor(model, NAMES, anyway=True).on(debate)
    assert frame["anyway"].all()
    assert frame["knows_issue"].all()


def test_rows_without_a_stance_can_be_left_out(debate):
    frame = Predictor(trained(), NAMES).on(debate)
    rows = frame[frame["label"] != "none"].reset_index(drop=True)
    assert Predictor(trained(), NAMES, drop_none=True).on(debate).equals(rows)
    none = build(MajorityConfig(), LABELS, load_issues(NAMES)).fit([{"label": "none"}])
    empty = Predictor(none, NAMES, drop_none=True).on(debate)
    assert (len(empty), list(empty)) == (0, list(frame))


def words(proposition):
    return {"name": "words", "family": "tfidf", "proposition": proposition}


@pytest.mark.parametrize(
    ("config", "reads"),
    [
        (MajorityConfig(), False),
        (PartyConfig(), False),
        (IssueConfig(), False),
        (TfidfConfig(), False),
        (TfidfConfig(proposition=True), True),
        (PolesConfig(), True),
        (NliConfig(), True),
        (TwoStageConfig(second=words(False)), True),
        (CollectiveConfig(base=words(False)), False),
        (CollectiveConfig(base=words(True)), True),
        (BlendConfig(members={"a": words(False), "b": words(False)}), False),
        (BlendConfig(members={"a": words(False), "b": words(True)}), True),
        (BlendConfig(members={"a": words(False), "b": {"trained": "some/folder"}}), True),  # told when it is loaded
    ],
    ids=lambda value: getattr(value, "family", value),
)
def test_families_say_whether_they_read_what_an_issue_is(config, reads):
    assert config.reads_issue is reads


def test_a_blend_reads_what_its_trained_members_read(tmp_path):
    trained().save(tmp_path / "words")
    members = {"a": {"trained": str(tmp_path / "words")}, "b": words(False)}
    blend = build(BlendConfig(members=members, dev_share=0.0), LABELS, load_issues(NAMES)).fit(ROWS)
    blend.save(tmp_path / "blend")
    assert not Model.load(tmp_path / "blend").reads_issue


def test_an_issue_is_known_by_its_proposition_not_its_name():
    model, zone = trained(), load_issue("no_fly_zone")
    assert model.knows(replace(zone, pro={"nl": "Ja.", "en": "Yes."}, aliases=()))
    assert model.knows(replace(zone, proposition={"nl": zone.proposition["nl"]}))
    other = replace(zone, proposition={"nl": "De brug moet geel."})
    assert not model.knows(other)
    with pytest.raises(InputError, match=r"knows another issue by the name 'no_fly_zone'.*another name"):
        Predictor(model, [other], anyway=True)


def test_all_is_said_before_the_weights_are_read(tmp_path):
    trained().save(tmp_path / "model")
    (tmp_path / "model" / "weights.safetensors").write_bytes(b"")
    outline = Model.outline(tmp_path / "model")
    assert outline is not None
    assert (list(outline.issues), outline.labels) == (NAMES, LABELS)
    for issues, why in ((["no_fly_zon"], "did you mean 'no_fly_zone'"), (["wolf_culling"], "was not trained on")):
        with pytest.raises(InputError, match=why):
            Description.of(tmp_path / "model", issues)
    with pytest.raises(InputError, match=r"weights\.safetensors: its content is not what was saved"):
        Predictor.load(tmp_path / "model")
