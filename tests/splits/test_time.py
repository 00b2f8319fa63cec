"""Train on the past, test on what came after: days stay whole, and nothing of the test is in training."""

import numpy as np
import pandas as pd
import pytest

from standpunt.errors import InputError
from standpunt.splits import SplitConfig, get_protocol


def time_forward(rows, share):
    return get_protocol(SplitConfig("time_forward", test_share=share)).folds(rows)


def rows_of(*dates, texts=None):
    texts = texts or [f"Motie {number}." for number in range(len(dates))]
    return [{"id": str(n), "date": date, "text": text} for n, (date, text) in enumerate(zip(dates, texts, strict=True))]


def days(*counts):
    """Return rows of consecutive days, so many a day."""
    return rows_of(*(f"2030-05-{day:02d}" for day, count in enumerate(counts, 1) for _ in range(count)))


def split(rows, share):
    (fold,) = time_forward(rows, share)
    return fold.unit, fold.train.tolist(), fold.test.tolist()


def test_latest_rows_are_tested_on_whatever_their_order():
    rows = rows_of("2030-05-03", "2029-12-31", "2030-05-04", "2030-05-01")
    assert split(rows, 0.25) == ("2030-05-04", [0, 1, 3], [2])
    assert split(rows, 0.5) == ("2030-05-03", [1, 3], [0, 2])


@pytest.mark.parametrize("share", [0.01, 0.1, 0.25, 0.5, 0.75, 0.99])
def test_no_day_is_divided_and_every_row_is_somewhere(share):
    rows = days(*np.random.default_rng(0).integers(1, 9, 28))
    unit, train, test = split(rows, share)
    assert sorted(train + test) == list(range(len(rows)))
    assert max(rows[index]["date"] for index in train) < unit == min(rows[index]["date"] for index in test)


@pytest.mark.parametrize("share", [0.01, 0.1, 0.25, 0.3, 0.5, 0.75, 0.9])
def test_share_is_kept_as_nearly_as_days_allow(share):
    rows = days(*[4] * 28)
    _, _, test = split(rows, share)
    assert abs(len(test) - share * len(rows)) <= 4


def test_there_is_always_something_on_both_sides():
    assert split(days(98, 1, 1), 0.9) == ("2030-05-02", list(range(98)), [98, 99])
    assert split(days(3, 2, 1), 1e-17) == ("2030-05-03", [0, 1, 2, 3, 4], [5])
    assert split(days(1, 1, 98), 0.01) == ("2030-05-03", [0, 1], list(range(2, 100)))
    assert split(days(1, 1), 0.99) == split(days(1, 1), 0.01) == ("2030-05-02", [0], [1])


def test_a_text_of_the_test_is_taken_out_of_training():
    texts = ["De brug moet geel.", "de  brug\nmoet GEEL.", "De brug moet rood.", "De brug moet geel."]
    rows = rows_of("2030-05-01", "2030-05-01", "2030-05-02", "2030-05-03", texts=texts)
    assert split(rows, 0.25) == ("2030-05-03", [2], [3])


def test_two_texts_of_training_may_be_alike():
    rows = rows_of("2030-05-01", "2030-05-01", "2030-05-03", texts=["Geel.", "Geel.", "Rood."])
    assert split(rows, 0.25) == ("2030-05-03", [0, 1], [2])


def test_nothing_left_to_train_on_is_told():
    rows = rows_of("2030-05-01", "2030-05-02", texts=["Geel.", "Geel."])
    with pytest.raises(InputError, match="tested on the latest days"):
        time_forward(rows, 0.5)


def test_frame_and_list_give_the_same_folds():
    rows = days(3, 2, 4)
    assert split(pd.DataFrame(rows), 0.4) == split(rows, 0.4)
    (fold,) = time_forward(pd.DataFrame(rows), 0.4)
    assert type(fold.unit) is str


@pytest.mark.parametrize("frame", [list, pd.DataFrame])
def test_row_without_a_date_is_refused(frame):
    with pytest.raises(InputError, match="no date"):
        time_forward(frame(rows_of("2030-05-01", None, "2030-05-02")), 0.25)


@pytest.mark.parametrize("dates", [[None, None], ["2030-05-01"] * 3])
def test_no_date_or_one_day_only_is_refused(dates):
    with pytest.raises(InputError, match="split time_forward") as caught:
        time_forward(rows_of(*dates), 0.25)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("share", [0, 1, -0.1, 1.5])
def test_share_out_of_range_is_refused(share):
    with pytest.raises(InputError, match=r"split\.test_share"):
        SplitConfig("time_forward", test_share=share)
