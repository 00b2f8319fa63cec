"""Tables of arguments from layers and predictions, what is gathered from them, and the shares of frames."""

import json
import shutil
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from sentence_models import TURN, make_argument_model
from standpunt.analysis.arguments import (
    COLUMNS,
    arguments_of_corpus,
    arguments_of_layers,
    arguments_of_predictions,
    sentences_of_layer,
)
from standpunt.analysis.frames import frame_differences, frame_shares
from standpunt.analysis.gathering import gather_arguments
from standpunt.analysis.plots import plot_frame_shares
from standpunt.analysis.stances import stances_of_layers
from standpunt.annotation.arguments import ArgumentLayer, Sentence
from standpunt.annotation.issues import load_issue
from standpunt.annotation.layers import Label, Layer
from standpunt.errors import InputError
from standpunt.models.controls.majority import Majority, MajorityConfig
from standpunt.prediction.arguments import SENTENCE_COLUMNS
from standpunt.prediction.predictor import predict_debate
from standpunt.storage.paths import CORPORA

ZONE = load_issue("no_fly_zone")


@pytest.fixture(scope="module")
def spoken(read):
    """Return a debate in which Smit is for the zone and names a counter-argument."""
    return read(("De voorzitter", "Mevrouw Smit."), ("Mevrouw Smit (Geel)", TURN))


@pytest.fixture(scope="module")
def layer(spoken):
    text = spoken.turns[1].text
    starts = [text.index(word) for word in ("Voorzitter", "Er moet", "Want vlieg", "Want het", "Dank u")]
    spans = [(start, end - 1) for start, end in pairwise(starts)]
    return ArgumentLayer(
        "lm-a",
        "",
        (
            Sentence(2, spans[0], "Smit", "none"),
            Sentence(2, spans[1], "Smit", "claim"),
            Sentence(2, spans[2], "Smit", "premise", "security", "support", spans[1]),
            Sentence(2, spans[3], "Smit", "premise", "economic", "attack", spans[1]),
        ),
    )


@pytest.fixture(scope="module")
def stances(spoken, layer):
    claim = layer.sentences[1].span
    return stances_of_layers(
        spoken, Layer("adjudicated", ("no_fly_zone",), "", (Label(2, "no_fly_zone", "favor", "Smit", (claim,)),))
    )


def make_arguments(*rows):
    """Return a table of arguments given as (side, speaker, component, frame, text)."""
    names = ["side", "speaker", "component", "frame", "text"]
    frame = pd.DataFrame(rows, columns=names)
    about = {"issue": "no_fly_zone", "relevance": np.linspace(1, 0.5, len(rows)), "holder": frame["speaker"].str[0]}
    return frame.assign(turn=[f"d-{n}" for n in range(len(rows))], **about)


def test_a_layer_looks_like_what_a_model_says(spoken, layer):
    sentences = sentences_of_layer(spoken, layer)
    assert list(sentences) == list(SENTENCE_COLUMNS)
    assert sentences["sentence"].tolist() == [1, 2, 3, 4]
    assert sentences["target"].fillna(0).tolist() == [0, 0, 2, 2]
    assert sentences["p_component"].tolist() == [1.0] * 4


def test_a_premise_that_attacks_the_claim_of_its_turn_is_for_the_other_side(spoken, layer, stances):
    arguments = arguments_of_layers(spoken, layer, stances, [ZONE])
    assert list(arguments) == list(COLUMNS)
    assert arguments[["side", "stance", "component", "rank"]].values.tolist() == [
        ["favor", "favor", "claim", 1],
        ["favor", "favor", "premise", 2],
        ["against", "favor", "premise", 3],
    ]
    assert set(arguments["holder"]) == {"Geel"}
    text = spoken.turns[1].text
    assert [text[row.start : row.end] for row in arguments.itertuples()] == arguments["text"].tolist()


def test_turns_without_a_stance_have_no_arguments(spoken, layer, stances):
    assert arguments_of_layers(spoken, layer, stances.iloc[:0], [ZONE]).empty


def test_predictions_give_the_same_table_from_records_and_from_csv(spoken):
    stance = Majority(MajorityConfig(), ("favor", "against", "none"), {"no_fly_zone": ZONE}).fit([{"label": "favor"}])
    frame = predict_debate(stance, spoken, [ZONE], arguments=make_argument_model())
    arguments = arguments_of_predictions(spoken, frame)
    assert list(arguments) == list(COLUMNS)
    assert arguments["component"].tolist() == ["claim", "premise", "premise"]
    assert arguments["text"].tolist() == [spoken.turns[1].text[row.start : row.end] for row in arguments.itertuples()]
    pd.testing.assert_frame_equal(
        arguments_of_predictions(spoken, frame.assign(arguments=frame["arguments"].map(json.dumps))), arguments
    )
    assert arguments_of_predictions(spoken, frame.assign(label="abstain")).empty
    with pytest.raises(InputError, match="no column arguments"):
        arguments_of_predictions(spoken, frame.drop(columns="arguments"))
    with pytest.raises(InputError, match="turn other-1 of the predictions"):
        arguments_of_predictions(spoken, frame.assign(turn="other-1"))


@pytest.fixture(scope="module")
def small_corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("corpora") / "small"
    folder.mkdir()
    (folder / "corpus.yaml").write_text("title: A few debates\nsynthetic: true\n", encoding="utf-8")
    for name in ("2031-03-04-luchtverdediging", "2031-06-17-veiligheidsgaranties"):
        shutil.copytree(CORPORA / "fictional" / name, folder / name)
    return folder


def test_a_corpus_as_a_whole(small_corpus):
    arguments = arguments_of_corpus(str(small_corpus), ["no_fly_zone"], layer="lm-a")
    assert list(arguments) == ["debate", *COLUMNS]
    assert arguments["debate"].nunique() > 1
    with pytest.raises(InputError, match="unknown argument layer of corpus"):
        arguments_of_corpus(str(small_corpus), ["no_fly_zone"], layer="nobody")
    with pytest.raises(InputError, match="did you mean 'no_fly_zone'"):
        arguments_of_corpus(str(small_corpus), ["no_fly_zon"], layer="lm-a")


def test_near_duplicates_of_one_side_are_merged_and_keep_their_sources():
    same = "De onderscheppers zijn al tot volgend jaar uitverkocht."
    gathered = gather_arguments(
        make_arguments(
            ("against", "Aal", "premise", "capacity", same),
            ("against", "Bos", "premise", "economic", "Dat kost te veel geld."),
            ("against", "Bos", "premise", "capacity", "De onderscheppers zijn tot volgend jaar al uitverkocht!"),
            ("favor", "Cas", "premise", "capacity", same),
            ("neutral", "Dop", "premise", "capacity", same),
        )
    )
    assert gathered[["side", "given", "frame"]].values.tolist() == [
        ["against", 2, "capacity"],
        ["against", 1, "economic"],
        ["favor", 1, "capacity"],
    ]
    first = gathered.iloc[0]
    assert first["text"] == same
    assert (first["turns"], first["speakers"], first["holders"]) == (("d-0", "d-2"), ("Aal", "Bos"), ("A", "B"))
    assert len(first["texts"]) == 2


def test_nothing_to_gather():
    assert gather_arguments(make_arguments()).empty


def test_vectors_of_an_encoder_serve_as_well(tmp_path):
    from tiny_bert import save_tiny_bert

    texts = ["Dat kost te veel geld.", "Dat kost te veel geld.", "Onze luchtmacht is te klein."]
    encoder = str(save_tiny_bert(tmp_path / "encoder", texts))
    rows = [("favor", "Aal", "claim", None, text) for text in texts]
    gathered = gather_arguments(make_arguments(*rows), encoder=encoder)
    assert gathered["given"].max() >= 2
    assert gathered["frame"].isna().all()


def test_shares_of_a_side_add_up_and_their_intervals_resample_speakers():
    rows = [("favor", f"S{n}", "premise", "security" if n < 6 else "economic", "x") for n in range(8)]
    rows += [("against", f"S{n}", "premise", "capacity", "x") for n in range(4)]
    rows += [("favor", "S1", "claim", None, "x"), ("neutral", "S9", "premise", "health", "x")]
    shares = frame_shares(make_arguments(*rows), "no_fly_zone")
    assert shares.groupby("side")["share"].sum().tolist() == [1, 1]
    assert list(shares["frame"].unique()) == ["security", "capacity", "economic"]
    favor = shares[(shares["side"] == "favor") & (shares["frame"] == "security")].iloc[0]
    assert (favor["premises"], favor["of"], favor["speakers"], favor["share"]) == (6, 8, 8, 0.75)
    assert favor["low"] < 0.75 < favor["high"]
    never = shares[(shares["side"] == "against") & (shares["frame"] == "security")].iloc[0]
    assert (never["share"], never["premises"]) == (0, 0)
    assert np.isnan(never["low"])
    assert np.isnan(never["high"])


def test_the_difference_of_two_shares_is_taken_in_the_same_resamples():
    rows = [(side, f"S{n}", "premise", "security", "x") for n in range(6) for side in ("favor", "against")]
    rows += [("against", f"S{n}", "premise", "capacity", "x") for n in range(6)]
    by_frame = frame_differences(make_arguments(*rows), "no_fly_zone").set_index("frame")
    # Every speaker is alike, so no resample differs, though each share taken alone would hang on who is drawn.
    assert by_frame.loc["security"].tolist() == [0.5, 0.5, 0.5]
    assert by_frame.loc["capacity"].tolist() == [-0.5, -0.5, -0.5]
    assert frame_differences(make_arguments(("favor", "S", "premise", "crime", "x")), "no_fly_zone").empty


def test_an_issue_without_premises_has_no_shares():
    assert frame_shares(make_arguments(), "no_fly_zone").empty
    assert frame_differences(make_arguments(), "no_fly_zone").empty
    assert set(frame_shares(make_arguments(("favor", "S", "premise", "crime", "x")), "no_fly_zone")["side"]) == {
        "favor"
    }


@pytest.mark.parametrize("table", [frame_shares, frame_differences])
def test_frames_of_an_unknown_issue_or_an_impossible_interval_are_refused(table):
    arguments = make_arguments(("favor", "S", "premise", "crime", "x"))
    with pytest.raises(InputError, match="did you mean 'no_fly_zone'"):
        table(arguments, "no_fly_zon")
    with pytest.raises(InputError, match="confidence is 95; expected a number between 0 and 1"):
        table(arguments, "no_fly_zone", confidence=95)


def test_the_plot_names_frames_and_sides():
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    rows = [("favor", f"S{n}", "premise", "quality_of_life", "x") for n in range(3)]
    shares = frame_shares(make_arguments(*rows, ("against", "T", "premise", "crime", "x")), "no_fly_zone")
    ax = plt.subplots()[1]
    assert plot_frame_shares(shares, ax) is ax
    assert [label.get_text() for label in ax.get_yticklabels()] == ["quality of life", "crime"]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [
        "favor (3 premises, 3 speakers)",
        "against (1 premises, 1 speakers)",
    ]
    ax.figure.canvas.draw()
    plot_frame_shares(frame_shares(make_arguments(), "no_fly_zone")).figure.canvas.draw()
    plt.close("all")
