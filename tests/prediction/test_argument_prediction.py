"""An argument model pointed at a debate: components, frames, links, offsets; what is very long or very short."""

import pandas as pd
import pytest

from sentence_models import TURN, make_argument_model
from standpunt.annotation.issues import load_issue
from standpunt.models.controls.majority import Majority, MajorityConfig
from standpunt.prediction.arguments import REACH, SENTENCE_COLUMNS, arguments_of_pairs, predict_sentences
from standpunt.prediction.output import write_predictions
from standpunt.prediction.predictor import predict_debate
from standpunt.readers import read_debates

ZONE = load_issue("no_fly_zone")
HANDELING = f"""<officiele-publicatie><metadata/><handelingen><agendapunt><item-titel>Bruggen</item-titel>
<spreekbeurt nieuw="ja" id="beurt-7"><spreker><voorvoegsels>Mevrouw</voorvoegsels> <naam><achternaam>Smit</achternaam>
</naam> (<politiek>Geel</politiek>):</spreker><tekst status="goed"><al-groep><al>{TURN}</al></al-groep></tekst>
</spreekbeurt></agendapunt></handelingen></officiele-publicatie>"""


@pytest.fixture(scope="module")
def model():
    return make_argument_model()


@pytest.fixture(scope="module")
def debate(read):
    return read(
        ("De voorzitter", "Er moet een no-flyzone komen. Mevrouw Smit."),
        ("Mevrouw Smit (Geel)", TURN),
        ("De heer Jansen (Blauw)", "Nee."),
    )


@pytest.fixture
def stance():
    return Majority(MajorityConfig(), ("favor", "against", "none"), {"no_fly_zone": ZONE}).fit([{"label": "favor"}])


def test_every_sentence_of_every_turn_but_the_chairs(model, debate):
    found = predict_sentences(model, debate)
    assert list(found) == list(SENTENCE_COLUMNS)
    assert found["ordinal"].tolist() == [2, 2, 2, 2, 2, 3]
    assert found["component"].tolist() == ["none", "claim", "premise", "premise", "none", "none"]
    texts = {turn.id: turn.text for turn in debate.turns}
    assert [texts[row.turn][row.start : row.end] for row in found.itertuples()] == found["text"].tolist()
    premises = found[found["component"] == "premise"]
    assert premises["frame"].tolist() == ["security", "economic"]
    assert premises[["relation", "target"]].values.tolist() == [["support", 2]] * 2
    others = found[found["component"] != "premise"]
    assert others[["frame", "p_frame", "relation", "target"]].isna().all(axis=None)


def test_the_nearest_of_several_claims_is_the_one_the_model_is_surest_of(model, read):
    text = "De brug moet weg. De weg moet weg. Want hij is te duur."
    found = predict_sentences(model, read(("Mevrouw Smit (Geel)", text)))
    assert found["target"].dropna().tolist() == [2]


def test_claims_too_far_away_are_not_asked_about(model, read):
    text = "De brug moet weg. " + "Dat is zo. " * REACH + "Want hij is te duur."
    found = predict_sentences(model, read(("Mevrouw Smit (Geel)", text)))
    assert found["component"].tolist()[-1] == "premise"
    assert found["target"].isna().all()


def test_records_have_offsets_into_turn_and_file(model, debate):
    pairs = arguments_of_pairs(model, debate, [ZONE])
    assert list(pairs) == [(debate.turns[1].id, "no_fly_zone")]
    records = pairs[debate.turns[1].id, "no_fly_zone"]
    assert [record["sentence"] for record in records] == [2, 3, 4]
    for record in records:
        assert debate.source[record["start"] : record["end"]] == record["text"]
        assert debate.turns[1].text[record["text_start"] : record["text_end"]] == record["text"]
        assert record["anchor"] is None
    assert (records[0]["component"], records[0]["frame"], records[0]["target"]) == ("claim", None, None)


def test_where_the_format_has_no_offsets_there_is_an_anchor(model, tmp_path):
    path = tmp_path / "report.xml"
    path.write_text(HANDELING, encoding="utf-8")
    (debate,) = read_debates(path)
    (records,) = arguments_of_pairs(model, debate, [ZONE]).values()
    for record in records:
        assert (record["start"], record["end"]) == (None, None)
        assert record["anchor"] == "beurt-7"


def test_a_debate_without_turns(model, read):
    assert list(predict_sentences(model, read(("De voorzitter", "Ik open de vergadering.")))) == list(SENTENCE_COLUMNS)


def test_a_sentence_of_five_thousand_words_and_a_turn_of_one(model, stance, read):
    long = "Er moet een no-flyzone komen " + "en nog een " * 1667 + "want dat is duur."
    debate = read(("Mevrouw Smit (Geel)", long), ("De heer Jansen (Blauw)", "Nee."), ("Mevrouw Smit (Geel)", "Moet!"))
    frame = predict_debate(stance, debate, [ZONE], arguments=model)
    assert [len(records) for records in frame["arguments"]] == [1, 0, 0]
    assert len(frame["arguments"][0][0]["text"].split()) > 5000


def test_a_pair_that_does_not_address_its_issue_has_no_arguments(model, debate, stance):
    none = Majority(MajorityConfig(), stance.labels, stance.issues).fit([{"label": "none"}])
    assert predict_debate(none, debate, [ZONE], arguments=model)["arguments"].map(len).sum() == 0
    assert predict_debate(stance, debate, [ZONE], arguments=model)["arguments"].map(len).tolist() == [3, 0]
    assert "arguments" not in predict_debate(stance, debate, [ZONE])


@pytest.mark.parametrize("suffix", ["jsonl", "parquet"])
def test_arguments_are_written_whatever_is_missing(model, stance, debate, read, tmp_path, suffix):
    readers = {"jsonl": lambda path: pd.read_json(path, lines=True), "parquet": pd.read_parquet}
    for name, report in (("some", debate), ("none", read(("De heer Jansen (Blauw)", "Nee.")))):
        frame = predict_debate(stance, report, [ZONE], arguments=model)
        write_predictions(frame, tmp_path / f"{name}.{suffix}")
        found = readers[suffix](tmp_path / f"{name}.{suffix}")["arguments"]
        wanted = [pytest.approx(record) for records in frame["arguments"] for record in records]
        assert [record for records in found for record in records] == wanted
        assert list(map(len, found)) == list(map(len, frame["arguments"]))
