import numpy as np
import pandas as pd
import pytest

from standpunt.evaluation.resampling import Resamples, cluster_for, resampled_means

MANY = pd.DataFrame({name: [f"{name}{i}" for i in range(8)] for name in ("speaker", "debate", "issue", "party")})


@pytest.mark.parametrize(
    ("asked", "own", "cluster"), [(None, "issue", "issue"), (None, "debate", "debate"), ("party", "issue", "party")]
)
def test_what_the_protocol_leaves_out_is_resampled(asked, own, cluster):
    assert cluster_for(asked, own, MANY) == cluster


def test_where_there_are_few_of_them_speakers_are():
    one_debate = MANY.assign(debate="d")
    assert cluster_for(None, "debate", one_debate) == "speaker"
    assert cluster_for("debate", "debate", one_debate) == "debate"


def test_mean_has_the_interval_of_its_standard_error():
    values = np.random.default_rng(0).normal(size=400)
    draws = Resamples.draw(pd.Series(range(400)), 4000, 0.95, 0)
    score = resampled_means(values, np.zeros(400, int), draws)
    assert score.value == pytest.approx(values.mean())
    assert score.high - score.low == pytest.approx(2 * 1.96 * values.std() / 20, rel=0.05)


def test_some_of_the_rows_keep_the_draws_of_all():
    draws = Resamples.draw(pd.Series(list("aabbcc")), 10, 0.95, 0)
    part = draws.subset(np.array([True, False, False, True, False, False]))
    assert part.codes.tolist() == [0, 1]
    assert (part.clusters, part.weights.shape) == (3, (10, 3))
