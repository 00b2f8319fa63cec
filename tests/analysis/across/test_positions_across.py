import numpy as np
import pandas as pd
import pytest

from standpunt.analysis.across.collection import stances
from standpunt.analysis.across.positions import issue_counts, often_addressed, positions, time_unit
from standpunt.errors import InputError

ALL = {"min_turns": 1, "min_debates": 1}


@pytest.fixture
def table(folder):
    return stances(folder)


def made(*rows):
    """Return stances of one party on one issue: (debate, speaker, value) each."""
    frame = pd.DataFrame(rows, columns=["debate", "speaker", "value"])
    turns = [f"t{n}" for n in range(len(frame))]
    return frame.assign(holder="P", issue="i", addressed=1.0, date="2031-01-01", turn=turns, trust=None)


def cell(*rows, by=("party",), **settings):
    return positions(made(*rows), by, **ALL | settings).iloc[0]


def test_cells_are_means_with_what_is_behind_them(table):
    cells = positions(table, ("party", "year"), **ALL)
    cells = cells[cells["issue"] == "green_bridges"].set_index(["party", "year"])
    two = cells.loc[("A & <i>B</i>", "2033")]
    values = table[(table["holder"] == "A & <i>B</i>") & table["date"].str.startswith("2033")]
    assert two["value"] == pytest.approx(np.average(values["value"], weights=values["addressed"]))
    assert (two["turns"], two["debates"], two["speakers"]) == (4, 2, 3)
    assert list(cells.loc["cabinet"].index) == ["2031", "2032", "2033"]
    assert len(cells) == 9  # the guest has no party


def test_issues_with_most_turns_come_first_and_rare_ones_are_left_out(table):
    assert list(positions(table, ("party",), **ALL)["issue"].unique()) == ["green_bridges", "tunnels"]
    assert list(positions(table, ("party",), min_turns=2, min_debates=1)["issue"].unique()) == ["green_bridges"]
    assert often_addressed(table, min_turns=17, min_debates=4) == ("green_bridges",)
    assert often_addressed(table, min_turns=17, min_debates=5) == ()
    assert positions(table).empty  # by default twenty turns are asked for


def test_a_turn_counts_by_the_probability_that_it_addresses_the_issue():
    frame = made(("a", "s", 1.0), ("b", "s", -1.0)).assign(addressed=[0.9, 0.3])
    assert positions(frame, ("party",), **ALL)["value"].iloc[0] == pytest.approx(0.5)


def test_interval_narrows_with_debates_and_not_with_turns_of_one_debate():
    def width(*rows):
        found = cell(*rows)
        return found["high"] - found["low"]

    one = width(("a", "s", 0.8))
    many_turns = width(*[("a", "s", 0.8)] * 30)
    many_debates = width(*[(f"d{n}", f"s{n % 5}", 0.8) for n in range(30)])
    assert one == pytest.approx(many_turns, abs=0.05)
    assert many_debates < one / 4


def test_speakers_are_resampled_too():
    rng = np.random.default_rng(0)
    means = rng.normal(0, 0.5, 4)
    rows = [(f"d{n}", f"s{n % 4}", means[n % 4]) for n in range(80)]
    alike = [(f"d{n}", f"s{n}", value) for n, (_, _, value) in enumerate(rows)]
    four, eighty = cell(*rows), cell(*alike)
    assert four["speakers"] == 4
    assert four["high"] - four["low"] > 2 * (eighty["high"] - eighty["low"])


def test_interval_holds_the_truth_about_as_often_as_it_says():
    """Debates and speakers that differ from each other; the truth is the mean over all that could have been."""
    rng = np.random.default_rng(3)
    held = 0
    for _ in range(100):
        debate, speaker = rng.normal(0, 0.3, 12), rng.normal(0, 0.2, 5)
        rows = [
            (f"d{d}", f"s{s}", debate[d] + speaker[s] + rng.normal(0, 0.2))
            for d in range(12)
            for s in rng.choice(5, 2, replace=False)
        ]
        found = cell(*rows, resamples=300)
        held += found["low"] <= 0 <= found["high"]
    assert held >= 88


def test_the_interval_of_a_cell_does_not_depend_on_other_cells(table):
    some = positions(table[table["holder"] != "Bomen"], ("party",), **ALL)
    whole = positions(table, ("party",), **ALL)
    both = whole.merge(some, on=["issue", "party"])
    assert len(both) == 2
    for name in ("low", "high", "value"):
        assert (both[f"{name}_x"] == both[f"{name}_y"]).all()


def test_times():
    frame = made(("a", "s", 0.5)).assign(date="2031-08-09")
    assert [positions(frame, (unit,), **ALL)[unit].iloc[0] for unit in ("year", "quarter", "month")] == [
        "2031", "2031-Q3", "2031-08",
    ]  # fmt: skip
    assert time_unit(pd.Series(["2031-01-01", "2032-01-01", "2033-01-01", None])) == "year"
    assert time_unit(pd.Series(["2031-01-01", "2031-05-01", "2031-09-01"])) == "quarter"
    assert time_unit(pd.Series(["2031-01-01", "2031-02-01"])) == "month"


def test_undated_debates_are_in_no_year(table):
    table.loc[table["debate"] == "d0", "date"] = None
    assert set(positions(table, ("year",), **ALL)["year"]) == {"2032", "2033"}
    assert positions(table, ("party",), **ALL)["turns"].sum() == 17


@pytest.mark.parametrize(
    ("by", "change", "message"),
    [
        (("partij",), {}, "unknown division of a map 'partij': did you mean 'party'"),
        ((), {}, "nothing is named; expected one or more of party"),
        (("year",), {"date": None}, "by year: no debate has a date; divide by party"),
        (("party",), {"holder": None}, "by party: no speaker has a party"),
    ],
)
def test_unknown_divisions_are_refused(table, by, change, message):
    with pytest.raises(InputError, match=message):
        positions(table.assign(**change), by)


def test_counts_of_issues(table):
    counts = issue_counts(table).loc["green_bridges"]
    assert (counts["turns"], counts["debates"], counts["trust"], counts["measured_of"]) == (17, 4, "usable", 10)
