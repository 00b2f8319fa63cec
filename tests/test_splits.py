import numpy as np
import pandas as pd
import pytest

from standpunt.corpora.corpus import load_corpus
from standpunt.corpora.rows import column
from standpunt.errors import InputError, LeakageError
from standpunt.splits import UNITS, Fold, assert_no_leak, check_balance, leave_one_out, split_hash

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


@pytest.mark.parametrize("unit", ["speaker", "debate", "party"])
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


def test_with_the_issue_held_out_a_text_may_be_on_both_sides():
    folds = by_unit(leave_one_out(ROWS, "issue"))
    assert folds == {"army": ([1, 3, 4], [0, 2, 5]), "gas": ([0, 2, 5], [1, 3, 4])}


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
        assert_no_leak(fold, np.array(["Ada", "Ada", "Bob"]), None)


def test_text_that_leaks_is_refused():
    fold = Fold("Ada", train=np.array([1]), test=np.array([0]))
    values, texts = np.array(["Ada", "Bob"]), np.array(["dank u", "dank u"])
    with pytest.raises(LeakageError, match="text 'dank u'"):
        assert_no_leak(fold, values, texts)


def test_fold_without_leak_passes():
    fold = Fold("Ada", train=np.array([1]), test=np.array([0]))
    assert assert_no_leak(fold, np.array(["Ada", "Bob"]), np.array(["ja", "nee"])) is None


def test_unknown_unit_suggests_the_nearest():
    with pytest.raises(InputError, match="did you mean 'speaker'"):
        leave_one_out(ROWS, "speakers")


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
