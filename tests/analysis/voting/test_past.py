"""Controls from votes of earlier days."""

import numpy as np
import pytest

from standpunt.analysis.voting.low_rank import fit_low_rank
from standpunt.analysis.voting.past import CONTROLS, Past
from standpunt.corpora.voted_debates import pairs_of, read_voted_debates
from standpunt.errors import InputError
from standpunt.parliament.coalitions import coalition_on
from voted_data import voted_record, voted_records, write_data


@pytest.fixture(scope="module")
def voted(tmp_path_factory):
    return read_voted_debates(write_data(tmp_path_factory.mktemp("data")))


def predicted(voted, **more):
    item = voted.debates[0]
    pairs, _ = pairs_of(item, voted.members)
    return Past(more.get("votes", voted.votes.motions), voted.members, more.get("day", item.day)).predict(pairs)


def test_every_control_gives_probabilities(voted):
    table = predicted(voted)
    assert tuple(table) == CONTROLS
    assert table.shape == (12, 9)
    assert ((table > 0) & (table < 1)).all(axis=None)
    assert table["majority"].nunique() == 1
    assert table["past votes"].nunique() > 4


def test_later_votes_change_nothing(voted, tmp_path):
    item = voted.debates[0]
    records = voted_records()
    for record in records:
        if record["date_vote"] >= item.day:  # of the day itself too
            record["votes"] = {party: "Tegen" if vote == "Voor" else "Voor" for party, vote in record["votes"].items()}
    turned = read_voted_debates(write_data(tmp_path, records))
    assert any(motion.voted == item.day for motion in turned.votes.motions)
    assert predicted(voted).equals(predicted(turned))
    assert [p.in_favor for p in pairs_of(item, voted.members)[0]] != [
        p.in_favor for p in pairs_of(turned.debates[0], turned.members)[0]
    ]


def test_without_earlier_votes_there_is_nothing_to_learn_from(voted):
    with pytest.raises(InputError, match="no vote before 2030-01-07 in the file of motions"):
        predicted(voted, day="2030-01-07")


def test_a_vote_of_before_the_day_is_no_test_of_it(voted):
    with pytest.raises(InputError, match="was voted on before 2030-03-20; it is no test of that day"):
        predicted(voted, day="2030-03-20")


def test_agreement_by_hand(voted, tmp_path):
    records = [
        voted_record(1, "2030-01-01", "2030-01-02", "Bos", votes={"Geel": "Voor", "Paars": "Voor", "Rood": "Tegen"}),
        voted_record(2, "2030-01-01", "2030-01-02", "Bos", votes={"Geel": "Voor", "Paars": "Voor", "Rood": "Tegen"}),
        voted_record(3, "2030-01-01", "2030-01-02", "Cats", votes={"Geel": "Tegen", "Paars": "Voor", "Rood": "Voor"}),
    ]
    later = read_voted_debates(write_data(tmp_path, [*records, *voted_records()[24:28]], None))
    pairs, _ = pairs_of(later.debates[0], later.members)
    table = Past(later.votes.motions, later.members, later.debates[0].day).predict(pairs)
    at = next(n for n, pair in enumerate(pairs) if (pair.party, pair.sponsors) == ("Geel", ("Paars",)))
    assert table["agreement"][at] == pytest.approx((2 + 5 * 2 / 3) / (2 + 5))  # twice for Bos, two of three over all
    unknown = next(n for n, pair in enumerate(pairs) if pair.party == "Groen")
    assert table["share of ayes"][unknown] == pytest.approx(6 / 9)  # of a party that never voted: that of all


def test_the_low_rank_model_finds_two_camps():
    rng = np.random.default_rng(0)
    features = rng.normal(size=(400, 3))
    votes = (np.outer(features[:, 0], [1, 1, -1, -1]) > 0).astype(float)
    votes[rng.random(votes.shape) < 0.1] = np.nan
    model = fit_low_rank(features, votes, np.ones(400), rank=1, penalty=1.0)
    given = model.predict(np.array([[2.0, 0, 0], [-2.0, 0, 0]]))
    assert (given[0] > 0.5).tolist() == [True, True, False, False]
    assert (given[1] > 0.5).tolist() == [False, False, True, True]


def test_coalitions():
    assert coalition_on("2024-07-01") == {"VVD", "D66", "CDA", "ChristenUnie"}
    assert coalition_on("2024-07-02") == {"PVV", "VVD", "NSC", "BBB"}
    assert coalition_on("2025-07-03") == {"VVD", "NSC", "BBB"}
    assert coalition_on("1999-01-01") == frozenset()
