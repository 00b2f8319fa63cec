"""k-shot: a few turns of the unseen issue in training, the same rows tested on whatever their number and draw."""

import numpy as np
import pytest

from standpunt.corpora.corpus import load_corpus
from standpunt.corpora.rows import column
from standpunt.errors import InputError
from standpunt.splits import SplitConfig, get_protocol
from standpunt.text.duplicates import Duplicates


@pytest.fixture(scope="module")
def rows():
    return load_corpus("fictional").rows()


@pytest.fixture(scope="module")
def duplicates(rows):
    return Duplicates(column(rows, "text"))


def k_shot(rows, shots, pool, *, draw=0, seed=0, duplicates=None):
    split = SplitConfig("k_shot", shots=shots, pool=pool, seed=seed)
    return get_protocol(split).folds(rows, seed=draw, duplicates=duplicates)


def shots_of(rows, fold):
    """Return the rows of the held-out issue that are trained on."""
    issues = np.array(column(rows, "issue"))
    return {int(index) for index in fold.train if issues[index] == fold.unit}


@pytest.mark.parametrize("shots", [0, 1, 4, 8])
def test_so_many_turns_of_the_issue_are_trained_on(rows, duplicates, shots):
    folds = k_shot(rows, shots, 8, draw=2, duplicates=duplicates)
    assert [fold.unit for fold in folds] == sorted(set(column(rows, "issue")))
    assert {len(shots_of(rows, fold)) for fold in folds} == {shots}


def test_all_draws_and_numbers_are_tested_on_the_same_rows(rows, duplicates):
    tested = {
        b"".join(fold.test.tobytes() for fold in k_shot(rows, shots, 8, draw=draw, duplicates=duplicates))
        for shots, draw in [(0, 0), (4, 0), (4, 1), (8, 5)]
    }
    assert len(tested) == 1


def test_draws_differ_and_fewer_shots_are_among_more(rows, duplicates):
    few, more, other = (
        [shots_of(rows, fold) for fold in k_shot(rows, shots, 8, draw=draw, duplicates=duplicates)]
        for shots, draw in [(2, 0), (5, 0), (5, 1)]
    )
    assert all(one < two for one, two in zip(few, more, strict=True))
    assert more != other


def test_no_turn_and_no_text_is_on_both_sides(rows, duplicates):
    turns = np.array([f"{debate}/{turn}" for debate, turn in zip(rows["debate"], rows["turn"], strict=True)])
    texts = np.array(rows["text"])
    for fold in k_shot(rows, 4, 8, duplicates=duplicates):
        assert not set(turns[fold.train]) & set(turns[fold.test])
        assert not set(texts[fold.train]) & set(texts[fold.test])


def test_turns_like_one_set_aside_are_on_neither_side():
    texts = ["Ja.", "ja", "JA!", "Nee.", "Soms."]
    same = [{"id": str(n), "debate": "d", "turn": str(n), "issue": "a", "text": text} for n, text in enumerate(texts)]
    other = [{"id": "o", "debate": "e", "turn": "1", "issue": "b", "text": "Anders."}]
    for seed in range(10):
        (fold,) = k_shot([*same, *other], 1, 1, seed=seed)
        (shot,) = set(fold.train.tolist()) - {5}
        assert set(fold.test.tolist()) == ({3, 4} if shot < 3 else {0, 1, 2, 3, 4} - {shot})


def test_too_few_turns_or_issues_are_refused():
    row = {"id": "1", "debate": "d", "turn": "1", "issue": "a", "text": "Ja."}
    with pytest.raises(InputError, match="two issues or more"):
        k_shot([row], 1, 1)
    with pytest.raises(InputError, match="no issue has more than 1 turns"):
        k_shot([row, row | {"issue": "b"}], 1, 1)


def test_configuration_chooses_it_and_the_experiments_seed_draws(rows, duplicates):
    split = SplitConfig("k_shot", shots=3, pool=6)
    one, other = (get_protocol(split).folds(rows, seed=seed, duplicates=duplicates) for seed in (0, 1))
    assert [shots_of(rows, fold) for fold in one] != [shots_of(rows, fold) for fold in other]
    assert [fold.test.tolist() for fold in one] == [fold.test.tolist() for fold in other]


@pytest.mark.parametrize(
    ("settings", "key"), [({"shots": 9, "pool": 8}, "shots"), ({"shots": -1}, "shots"), ({"pool": 0}, "pool")]
)
def test_settings_out_of_range_are_refused(settings, key):
    with pytest.raises(InputError, match=rf"split\.{key}"):
        SplitConfig("k_shot", **settings)
