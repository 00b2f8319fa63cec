"""Whole speakers, debates, parties and issues on one side, and no text on both."""

import numpy as np
import pandas as pd
import pytest

from standpunt.corpora.corpus import load_corpus
from standpunt.corpora.rows import column
from standpunt.errors import InputError, LeakageError
from standpunt.splits import (
    UNITS,
    Fold,
    SplitConfig,
    assert_no_leak,
    check_balance,
    get_protocol,
    split_hash,
)
from standpunt.splits.development import drawn_development
from standpunt.text.duplicates import Duplicates

NAMES = ("id", "speaker", "debate", "party", "issue", "text", "label")
ROWS = [
    dict(zip(NAMES, values, strict=True))
    for values in (
        ("1", "Ada", "d1", "Rood", "army", "Het leger moet er komen.", "favor"),
        ("2", "Ada", "d1", "Rood", "gas", "Het leger moet er komen.", "neutral"),
        ("3", "Bob", "d1", "Geel", "army", "Dank u wel.", "against"),
        ("4", "Bob", "d2", "Geel", "gas", "Nooit.", "against"),
        ("5", "Cor", "d2", None, "gas", "dank  u\nWEL.", "favor"),
        ("6", "Cor", "d2", None, "army", "Ik twijfel.", "neutral"),
    )
]


def leave_one_out(rows, unit, duplicates=None):
    return get_protocol(SplitConfig("leave_one_out", unit)).folds(rows, duplicates=duplicates)


def random_by_group(rows, unit, folds, seed):
    return get_protocol(SplitConfig("random_by_group", unit, folds=folds, seed=seed)).folds(rows)


def words(text):
    return " ".join(text.casefold().split())


def by_unit(folds):
    return {fold.unit: ([int(i) for i in fold.train], [int(i) for i in fold.test]) for fold in folds}


@pytest.fixture(scope="module")
def fictional():
    return load_corpus("fictional").rows()


@pytest.mark.parametrize("unit", UNITS)
def test_every_row_of_the_fictional_corpus_is_tested_once(fictional, unit):
    folds = leave_one_out(fictional, unit)
    tested = np.concatenate([fold.test for fold in folds])
    assert sorted(tested.tolist()) == list(range(len(fictional)))
    assert len(folds) == len(set(column(fictional, unit)))
    assert [fold.unit for fold in folds] == sorted(fold.unit for fold in folds)


@pytest.mark.parametrize("unit", UNITS)
def test_no_unit_of_the_fictional_corpus_is_on_both_sides(fictional, unit):
    values = column(fictional, unit)
    for fold in leave_one_out(fictional, unit):
        assert {str(values[i]) for i in fold.test} == {fold.unit}
        assert fold.unit not in {str(values[i]) for i in fold.train}
        assert len(fold.train) > 0


@pytest.mark.parametrize("unit", UNITS)
def test_no_text_of_the_fictional_corpus_is_on_both_sides(fictional, unit):
    texts = [words(text) for text in column(fictional, "text")]
    for fold in leave_one_out(fictional, unit):
        assert not {texts[i] for i in fold.train} & {texts[i] for i in fold.test}


def test_a_text_on_both_sides_is_taken_out_of_training():
    folds = by_unit(leave_one_out(ROWS, "speaker"))
    assert folds == {
        "Ada": ([2, 3, 4, 5], [0, 1]),
        "Bob": ([0, 1, 5], [2, 3]),  # row 5 says "Dank u wel." as well
        "Cor": ([0, 1, 3], [4, 5]),
    }


def test_a_turn_is_not_trained_on_under_another_issue():
    folds = leave_one_out(ROWS, "issue")
    assert by_unit(folds) == {"army": ([3], [0, 2, 5]), "gas": ([5], [1, 3, 4])}
    assert [fold.dropped.tolist() for fold in folds] == [[1, 4], [0, 2]]


def test_nothing_left_to_train_on_is_told():
    same = [row | {"text": "Altijd hetzelfde."} for row in ROWS]
    with pytest.raises(
        InputError, match="split, leave one speaker out: nothing is left to train on where Ada is tested on"
    ):
        leave_one_out(same, "speaker")


@pytest.mark.parametrize("unit", UNITS)
def test_random_folds_keep_groups_whole_and_test_every_row_once(fictional, unit):
    folds = random_by_group(fictional, unit, 5, seed=1)
    assert sorted(np.concatenate([fold.test for fold in folds]).tolist()) == list(range(len(fictional)))
    values, texts = np.array([str(v) for v in column(fictional, unit)]), np.array(column(fictional, "text"))
    for fold in folds:
        assert not set(values[fold.train]) & set(values[fold.test])
        assert not set(texts[fold.train]) & set(texts[fold.test])
        assert len(fold.train) + len(fold.dropped) + len(fold.test) == len(fictional)


def test_random_folds_are_drawn_by_their_seed(fictional):
    first, same, other = (split_hash(fictional, random_by_group(fictional, "speaker", 3, seed)) for seed in (0, 0, 1))
    assert first == same != other


def test_more_folds_than_groups_are_refused():
    with pytest.raises(InputError, match="4 folds need as many of speaker; the corpus has 3"):
        random_by_group(ROWS, "speaker", 4, seed=0)


def test_dev_rows_are_whole_groups_of_the_training_rows(fictional):
    duplicates = Duplicates(column(fictional, "text"))
    outer = leave_one_out(fictional, "issue", duplicates)[0]
    inner = drawn_development(fictional, outer.train, "speaker", 0.25, 3, duplicates)
    speakers = np.array(column(fictional, "speaker"))
    assert set(inner.train) | set(inner.test) <= set(outer.train)
    assert not set(speakers[inner.train]) & set(speakers[inner.test])
    share = len(set(speakers[inner.test])) / len(set(speakers[outer.train]))
    assert share == pytest.approx(0.25, abs=0.05)


@pytest.mark.parametrize("share", [0.01, 0.5, 0.9])
def test_dev_rows_are_at_least_one_group_and_never_all(share):
    # Bob and Cor, of whom nine tenths would be two.
    inner = drawn_development(ROWS, np.array([3, 5]), "speaker", share, 0, Duplicates([row["text"] for row in ROWS]))
    assert sorted([*inner.train, *inner.test]) == [3, 5]
    assert len(inner.test) == 1


def test_dev_rows_of_a_single_group_are_refused():
    with pytest.raises(InputError, match="search by speaker"):
        drawn_development(ROWS, np.array([0, 1]), "speaker", 0.5, 0, Duplicates([row["text"] for row in ROWS]))


def test_those_without_a_party_are_held_out_together():
    folds = by_unit(leave_one_out(ROWS, "party"))
    assert [test for _, test in folds.values()] == [[2, 3], [4, 5], [0, 1]]


@pytest.mark.parametrize("unit", UNITS)
def test_rows_as_frame_and_as_list_give_the_same_folds(unit):
    from_list, from_frame = leave_one_out(ROWS, unit), leave_one_out(pd.DataFrame(ROWS), unit)
    assert sorted(by_unit(from_list).values()) == sorted(by_unit(from_frame).values())


def test_unit_that_leaks_is_refused():
    fold = Fold("Ada", train=np.array([1, 2]), test=np.array([0]))
    with pytest.raises(LeakageError, match="unit 'Ada'"):
        assert_no_leak(fold, Duplicates(["ja", "nee", "soms"]), np.array(["Ada", "Ada", "Bob"]))


@pytest.mark.parametrize("side", ["train", "dev"])
def test_text_that_leaks_is_refused(side):
    rows = {"train": np.array([2]), "dev": np.array([2])} | {side: np.array([1])}
    with pytest.raises(LeakageError, match="text of row 1"):
        assert_no_leak(Fold("Ada", test=np.array([0]), **rows), Duplicates(["Dank u.", "dank u", "Nee."]))


def test_fold_without_leak_passes():
    fold = Fold("Ada", train=np.array([1]), test=np.array([0]))
    assert assert_no_leak(fold, Duplicates(["ja", "nee"]), np.array(["Ada", "Bob"])) is None


def test_unknown_unit_is_refused():
    with pytest.raises(InputError, match=r"split\.unit is speakers; expected one of speaker, debate, party, issue"):
        leave_one_out(ROWS, "speakers")
    with pytest.raises(InputError, match="did you mean 'speaker'"):
        drawn_development(ROWS, np.arange(6), "speakers", 0.5, 0, Duplicates([row["text"] for row in ROWS]))


def test_a_single_value_cannot_be_held_out():
    with pytest.raises(InputError, match="leave-one-debate-out needs two or more"):
        leave_one_out(ROWS[:3], "debate")


def test_split_hash_is_the_same_for_the_same_split():
    assert split_hash(ROWS, leave_one_out(ROWS, "speaker")) == split_hash(ROWS, leave_one_out(ROWS, "speaker"))


def test_split_hash_ignores_the_order_of_rows():
    turned = ROWS[::-1]
    assert split_hash(turned, leave_one_out(turned, "speaker")) == split_hash(ROWS, leave_one_out(ROWS, "speaker"))


def test_split_hash_differs_between_rows():
    fewer = ROWS[:-1]
    assert split_hash(fewer, leave_one_out(fewer, "speaker")) != split_hash(ROWS, leave_one_out(ROWS, "speaker"))


def test_split_hash_differs_between_splits():
    hashes = {split_hash(ROWS, leave_one_out(ROWS, unit)) for unit in ("speaker", "debate", "issue")}
    assert len(hashes) == 3


def test_split_hash_tells_training_from_test():
    one, other = np.array([0, 1]), np.array([2, 3])
    assert split_hash(ROWS, [Fold("x", one, other)]) != split_hash(ROWS, [Fold("x", other, one)])


def test_one_label_only_cannot_be_learnt_from():
    with pytest.raises(InputError, match=r"2 rows with labels \['against'\]"):
        check_balance(ROWS[2:4], ("favor", "against"))
    assert check_balance(ROWS, ("favor", "against", "neutral")) is None
