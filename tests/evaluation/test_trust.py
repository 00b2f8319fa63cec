"""How far answers can be trusted: what is counted, and the marks that follow."""

import pandas as pd
import pytest

from standpunt.evaluation.trust import Tally, tallies, tally, wilson

STANCES = ("favor", "against", "neutral")


def test_what_is_missed_and_what_is_made_up_both_count():
    gold = ["favor", "favor", "against", "none", "none"]
    counts = tally(gold, ["favor", "none", "favor", "favor", "none"], STANCES)
    assert counts == Tally(labelled=3, right=1, shown=3, commonest=2)
    assert (counts.share, counts.share_of_shown) == (pytest.approx(1 / 3), pytest.approx(1 / 3))


def test_a_model_that_abstains_shows_nothing():
    assert tally(["favor"], ["abstain"], STANCES) == Tally(labelled=1, right=0, shown=0, commonest=1)


def test_issues_are_counted_apart():
    frame = pd.DataFrame({"issue": ["b", "a", "b"], "gold": ["favor", "none", "none"], "predicted": ["favor"] * 3})
    assert tallies(frame, STANCES) == {"a": Tally(0, 0, 1, 0), "b": Tally(1, 1, 2, 1)}


@pytest.mark.parametrize(("right", "of"), [(9, 10), (17, 26), (18, 66), (0, 5), (5, 5)])
def test_interval_is_that_of_wilson(right, of):
    """Its ends are the shares at which a score test of the observed share just holds (95 %)."""
    for end in wilson(right, of):
        if 0.001 < end < 0.999:
            assert abs(right / of - end) == pytest.approx(1.959964 * (end * (1 - end) / of) ** 0.5)
    assert wilson(0, 0) == (0, 1)


@pytest.mark.parametrize(
    ("counts", "level"),
    [
        (Tally(10, 9, 13, 8), "usable"),
        (Tally(26, 17, 32, 13), "hint"),
        (Tally(66, 18, 41, 23), "untrusted"),
        (Tally(3, 3, 3, 3), "hint"),  # three of three may be luck
        (Tally(40, 38, 90, 20), "untrusted"),  # most of what it shows is wrong
        (Tally(0, 0, 7, 0), "unmeasured"),
    ],
)
def test_the_mark_goes_by_both_shares_and_by_how_much_was_counted(counts, level):
    assert counts.level == level


def test_majorities_of_few_turns_are_as_the_page_says():
    """The rule rests on this: with three of four right, most of three (of five) turns are right in 84 (90) of 100."""
    from scipy.stats import binom

    assert binom.sf(1, 3, 0.75) == pytest.approx(0.84, abs=0.005)
    assert binom.sf(2, 5, 0.75) == pytest.approx(0.90, abs=0.005)
    assert binom.sf(2, 5, 0.45) < binom.sf(1, 3, 0.45) < 0.45
