"""Whether a model knew a debate whose votes it is to tell."""

import json

import pandas as pd
import pytest

from standpunt.analysis.voting.seen import answers_of_run, debates_seen
from standpunt.analysis.voting.study import UNSEEN, vote_study
from standpunt.annotation.sources import SOURCE, Source
from standpunt.corpora.voted_debates import read_voted_debates
from standpunt.errors import InputError
from standpunt.models.base import Model
from standpunt.models.shipped import model_folder
from standpunt.results.runs import CONFIG, PREDICTIONS, STATUS, Run
from voted_data import turns, write_data


@pytest.fixture(scope="module")
def voted(tmp_path_factory):
    second = turns("De havens", range(32, 36))
    for turn in second:
        turn["text"] = turn["text"].replace("wil ik", "kan ik nu")  # else both debates say the same
    return read_voted_debates(
        write_data(tmp_path_factory.mktemp("data"), debates=[turns("De molens", range(24, 28)), second])
    )


@pytest.fixture
def corpus(tmp_path, voted):
    """A corpus with labels on the first of the two debates, as read or as turns that are found one by one."""

    def make(recorded=False):
        folder = tmp_path / "mine"
        (folder / "molens").mkdir(parents=True)
        (folder / "corpus.yaml").write_text("title: mine\n")
        debate = voted.debates[0].debate
        source = Source.from_debate(debate, title="Molens", date="2030-02-15", recorded=recorded)
        source.save(folder / "molens" / SOURCE)
        return str(folder)

    return make


@pytest.fixture
def model():
    return Model.load(model_folder("standpunt-nl"))


@pytest.fixture
def run(tmp_path):
    def make(corpus="votes", also=(), fold=lambda debate: debate):
        folder = tmp_path / "run"
        folder.mkdir()
        (folder / STATUS).write_text(json.dumps({"state": "finished"}))
        (folder / CONFIG).write_text(
            json.dumps({"corpus": {"name": corpus, "also": list(also)}, "model": {}, "evaluation": {}})
        )
        rows = [(debate, fold(debate), "votes") for debate in ("2030-02-15 De molens", "2030-03-01 De havens")]
        rows.append(("of another corpus", "all", "tk-debates"))
        pd.DataFrame(rows, columns=["debate", "fold", "corpus"]).to_parquet(folder / PREDICTIONS)
        return Run.load(folder)

    return make


@pytest.mark.parametrize("recorded", [False, True])
def test_a_debate_that_a_model_was_trained_on_is_known_by_its_turns(voted, model, corpus, recorded):
    assert debates_seen(model, "nl", voted.debates) == set()
    model.provenance.corpora = ["fictional", corpus(recorded)]
    assert debates_seen(model, "nl", voted.debates) == {"2030-02-15 De molens"}


@pytest.mark.parametrize("name", ["votes", "motion_pairs"])
def test_a_model_that_was_trained_on_votes_is_refused(voted, model, name):
    model.provenance.corpora = ["fictional", name]
    with pytest.raises(InputError, match=rf"^nl: it was trained on data set {name}, which .*--run"):
        vote_study(voted, {"nl": model}, listener=Model.load(model_folder("standpunt-nl")), resamples=20)


def test_a_corpus_that_is_not_here_is_one_sentence(voted, model):
    model.provenance.corpora = ["gone/away"]
    with pytest.raises(InputError, match=r"^nl: it was trained on corpus gone/away, which is not here"):
        debates_seen(model, "nl", voted.debates)


def test_scores_on_debates_that_no_model_knew_are_apart(voted, model, corpus, monkeypatch):
    monkeypatch.setattr("standpunt.analysis.voting.study.SPOKE", 0.0)
    listener = Model.load(model_folder("standpunt-nl"))
    assert UNSEEN not in set(vote_study(voted, {"nl": model}, listener=listener, resamples=20).scores["pairs"])
    model.provenance.corpora = [corpus()]
    study = vote_study(voted, {"nl": model}, listener=listener, resamples=20)
    assert UNSEEN in set(study.scores["pairs"])
    assert set(study.pairs.loc[study.pairs["seen"], "debate"]) == {"2030-02-15 De molens"}


def test_answers_of_a_run_are_of_models_that_did_not_know_the_debate(voted, run):
    said = answers_of_run("mine", run(), voted.debates)
    assert said["debate"].tolist() == [item.name for item in voted.debates]


def test_a_run_on_something_else_is_refused(voted, run):
    with pytest.raises(InputError, match=r"^mine: the run divides corpus fictional; expected one on corpus votes"):
        answers_of_run("mine", run("fictional"), voted.debates)


def test_a_run_that_tests_what_it_was_trained_on_is_refused(voted, run):
    with pytest.raises(InputError, match=r"^mine: .*repeat it with split=leave_one_debate_out"):
        answers_of_run("mine", run(fold=lambda debate: "party"), voted.debates)


@pytest.mark.parametrize("also", ["votes", "motion_pairs", None])
def test_a_run_that_was_also_trained_on_the_debates_is_refused(voted, run, corpus, also):
    with pytest.raises(InputError, match=r"^mine: corpus\.also has debates or motions that are voted on here"):
        answers_of_run("mine", run(also=["fictional", also or corpus()]), voted.debates)
