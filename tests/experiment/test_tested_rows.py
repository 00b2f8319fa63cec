"""`evaluation.limit_rows`: fewer rows are tested on, and as many are trained on."""

import pytest

from standpunt.corpora.copies import copied
from standpunt.errors import InputError
from standpunt.experiment.config import Config, CorpusConfig, EvaluationConfig
from standpunt.experiment.preparation import prepare
from standpunt.experiment.run import config_hash
from standpunt.models.controls.frequencies import PartyConfig
from standpunt.splits import SplitConfig

ISSUES = ["no_fly_zone", "frozen_assets", "conscription"]


def config_of(**evaluation):
    return Config(
        name="trial",
        corpus=CorpusConfig("fictional", issues=ISSUES),
        split=SplitConfig("leave_one_out", "issue"),
        model=PartyConfig(),
        evaluation=EvaluationConfig(**evaluation),
    )


def test_each_fold_is_tested_on_a_few_rows_and_trained_on_as_many_as_before():
    whole, few = prepare(config_of()), prepare(config_of(limit_rows=4))
    assert [fold.unit for fold in few.folds] == [fold.unit for fold in whole.folds]
    for before, after in zip(whole.folds, few.folds, strict=True):
        assert len(after.test) == 4
        assert {*after.test} <= {*before.test}
        assert (after.test[0], after.test[-1]) == (before.test[0], before.test[-1])
        one, other = whole.rows.chosen(before), few.rows.chosen(after)
        assert [part.tolist() for part in one.train] == [part.tolist() for part in other.train]


def test_a_corpus_that_is_tested_on_is_limited_too(tmp_path):
    copy = copied("fictional", tmp_path / "copy", ["2031-03-04-luchtverdediging"])
    config = config_of(test=[str(copy)], issues="all", limit_rows=3)
    (tested,) = prepare(config).tests
    assert len(tested.rows) == 3
    assert len(prepare(config).corpora[0].rows) == len(prepare(config_of()).corpora[0].rows)


def test_runs_of_before_keep_their_hash_and_a_limit_is_another_run():
    assert config_hash(config_of()) == config_hash(config_of(limit_rows=None))
    assert config_hash(config_of()) != config_hash(config_of(limit_rows=4))
    with pytest.raises(InputError, match=r"evaluation.limit_rows is 0; expected 1 or more, or null"):
        EvaluationConfig(limit_rows=0)
