"""Debates drawn over several corpora, for learning curves."""

import itertools

import pytest
from datasets import Dataset

from standpunt.annotation.issues import load_issue
from standpunt.corpora.loading import LoadedRows
from standpunt.errors import InputError
from standpunt.experiment.preparation import some_debates

ISSUES = {name: load_issue(name) for name in ("no_fly_zone", "frozen_assets")}
CORPORA = [
    LoadedRows("one", Dataset.from_dict({"debate": list("aabbc"), "issue": ["no_fly_zone"] * 5}), ISSUES),
    LoadedRows("two", Dataset.from_dict({"debate": list("aade"), "issue": ["frozen_assets"] * 4}), ISSUES),
]


def drawn(limit, seed=0):
    return {(item.name, debate) for item in some_debates(CORPORA, limit, seed) for debate in item.rows["debate"]}


def test_debates_are_drawn_whole_and_a_smaller_draw_lies_in_a_larger():
    sizes = [drawn(limit) for limit in range(7)]
    assert [len(size) for size in sizes] == [0, 1, 2, 3, 4, 5, 6]
    assert all(smaller < larger for smaller, larger in itertools.pairwise(sizes))
    assert sum(len(item.rows) for item in some_debates(CORPORA, 6, 0)) == 9
    assert len({frozenset(drawn(3, seed)) for seed in range(8)}) > 1


def test_what_nothing_is_drawn_of_is_left_out_with_its_issues():
    (only,) = some_debates(CORPORA, 1, seed=0)
    assert {*only.issues} == {*only.rows["issue"]}


def test_more_debates_than_there_are_are_refused():
    with pytest.raises(InputError, match=r"corpus.limit_debates is 7; at most 6 debates"):
        some_debates(CORPORA, 7, 0)
