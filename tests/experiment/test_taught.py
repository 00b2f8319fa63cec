"""Experiments on the labels that models gave: whose labels count where, and with their probabilities or without."""

import re
from dataclasses import replace

import pytest

from standpunt.annotation.layers import Label, Layer
from standpunt.annotation.made_by import Answer, MadeBy
from standpunt.corpora.copies import copied
from standpunt.corpora.corpus import load_corpus
from standpunt.corpora.loading import joined
from standpunt.corpora.rows import column
from standpunt.errors import InputError
from standpunt.experiment.config import Config, CorpusConfig, EvaluationConfig
from standpunt.experiment.preparation import prepare
from standpunt.experiment.run import config_hash
from standpunt.models.controls.majority import MajorityConfig
from standpunt.splits.train_test import TrainTest

FIRST, SECOND = "2031-03-04-luchtverdediging", "2032-06-08-aanval-op-odesa"
LABELS = ("favor", "against", "neutral", "none")


@pytest.fixture
def taught(tmp_path):
    """Return a copy of a debate on which a model says "against" where people see anything else, and else "favor"."""
    folder = copied("fictional", tmp_path / "taught", [FIRST])
    item = load_corpus(str(folder)).debates[0]
    people = item.layer()
    made_by = MadeBy("m", "tfidf", "2031-01-01", "0.1.0", LABELS)
    said = ["favor" if one.label == "against" else "against" for one in people.labels]
    labels = tuple(Label(one.turn, one.issue, new, one.speaker) for one, new in zip(people.labels, said, strict=True))
    answers = tuple(Answer(one.turn, one.issue, (0.25, 0.5, 0.25, 0.0)) for one in people.labels)
    layer = Layer("m", people.issues, people.sha256, labels, made_by=made_by, answers=answers)
    layer.save(folder / FIRST / "stance.m.jsonl", item.source)
    return str(folder)


def config(name, **corpus):
    return Config(
        name="x",
        corpus=CorpusConfig(name=name, **corpus),
        split=TrainTest.settings_class(name="train_test"),
        model=MajorityConfig(),
    )


def test_labels_of_a_model_are_trained_on_with_what_it_was_sure_of(taught):
    soft = prepare(config(taught, layer="m")).corpora[0].rows
    assert set(column(soft, "label")) == {"favor", "against"}
    assert soft[0]["probabilities"] == {"favor": 0.25, "against": 0.5, "neutral": 0.25, "none": 0.0}
    hard = prepare(config(taught, layer="m", soft=False)).corpora[0].rows
    assert "probabilities" not in hard.column_names


def test_another_corpus_is_tested_by_labels_of_people(taught, tmp_path):
    other = str(copied("fictional", tmp_path / "other", [SECOND]))
    both = replace(
        config(taught, layer="m", layers={other: "adjudicated"}),
        evaluation=EvaluationConfig(test=[other], issues="all"),
    )
    prepared = prepare(both)
    assert set(column(prepared.corpora[0].rows, "label")) == {"favor", "against"}
    assert set(column(prepared.tests[0].rows, "label")) == {"favor", "against", "neutral"}
    with pytest.raises(InputError, match=re.escape("unknown corpus of this experiment (in corpus.layers) 'elsewhere'")):
        prepare(config(taught, layers={"elsewhere": "m"}))


def test_runs_of_before_keep_their_hash(taught):
    usual = config("fictional")
    assert config_hash(usual) == config_hash(replace(usual, corpus=CorpusConfig("fictional", layers={}, soft=True)))
    assert config_hash(usual) != config_hash(replace(usual, corpus=CorpusConfig("fictional", soft=False)))


def test_rows_of_a_corpus_count_as_much_as_is_said(taught):
    prepared = prepare(config(taught, also=["fictional"], weights={taught: 0.1}, layers={"fictional": "adjudicated"}))
    first, second = (item.rows for item in prepared.corpora)
    assert set(column(first, "weight")) == {0.1}
    assert "weight" not in second.column_names
    both = joined([first, second])
    assert set(column(both, "weight")) == {0.1, None}
    with pytest.raises(InputError, match=re.escape("unknown corpus that is trained on (in corpus.weights) 'tk-more'")):
        prepare(config("fictional", weights={"tk-more": 0.1}))
    with pytest.raises(InputError, match=r"corpus\.weights: fictional is all that is trained on; leave out one"):
        prepare(config("fictional", weights={"fictional": 0.5}))
    with pytest.raises(InputError, match=re.escape("corpus.weights.fictional is 0; expected a number above 0")):
        config("fictional", weights={"fictional": 0})


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"also": ["fictional"]}, "corpus.also: fictional is trained on already; name each corpus once"),
        ({"also": ["tk-more", "contrast", "tk-more"]}, "corpus.also: tk-more is trained on already"),
        ({"issues": []}, "corpus.issues is empty; expected issues, or null for all"),
    ],
)
def test_settings_that_would_mean_nothing_are_refused(settings, said):
    with pytest.raises(InputError, match=re.escape(said)):
        CorpusConfig("fictional", **settings)
