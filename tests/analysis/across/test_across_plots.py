import pytest

from standpunt.analysis.across.collection import stances
from standpunt.analysis.across.files import write_picture
from standpunt.analysis.across.plots import plot_heat_map, plot_parties, plot_positions_over_time
from standpunt.analysis.across.positions import positions
from standpunt.errors import InputError

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")
ALL = {"min_turns": 1, "min_debates": 1, "resamples": 50}


@pytest.fixture(autouse=True)
def close():
    yield
    from matplotlib import pyplot as plt

    plt.close("all")


@pytest.fixture
def cells(folder):
    return positions(stances(folder), ("party", "year"), **ALL)


def test_course_has_a_line_and_a_band_for_each_party(cells):
    ax = plot_positions_over_time(cells, "green_bridges")
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["A & <i>B</i> (8)", "Bomen (4)", "cabinet (4)"]
    assert len(ax.collections) == 3
    line = ax.get_lines()[0]
    part = cells[(cells["party"] == "A & <i>B</i>") & (cells["issue"] == "green_bridges")]
    assert list(line.get_xdata()) == [2031, 2032, 2033]
    assert list(line.get_ydata()) == list(part["value"])


def test_a_panel_for_each_party(cells):
    axes = plot_parties(cells, "green_bridges")
    assert [ax.get_title("left") for ax in axes] == ["A & <i>B</i> · 8", "Bomen · 4", "cabinet · 4"]


def test_heat_map_has_the_turns_in_the_cells_and_brackets_where_zero_is_possible(folder):
    cells = positions(stances(folder), ("party",), **ALL)
    ax = plot_heat_map(cells)
    row = cells[cells["issue"] == "tunnels"].iloc[0]
    assert row["low"] < 0 < row["high"]
    assert "(1)" in [text.get_text() for text in ax.texts]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["green bridges", "tunnels"]


def test_what_cannot_be_drawn_is_refused(cells, folder):
    with pytest.raises(InputError, match="unknown issue of the cells 'bridges'"):
        plot_positions_over_time(cells, "bridges")
    with pytest.raises(InputError, match="unknown party on green_bridges 'Bome'"):
        plot_positions_over_time(cells, "green_bridges", parties=["Bome"])
    with pytest.raises(InputError, match="by party and one time"):
        plot_parties(positions(stances(folder), ("party",), **ALL), "green_bridges")
    with pytest.raises(InputError, match="by party or by one time"):
        plot_heat_map(cells)


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_pictures_are_the_same_file_each_time(cells, tmp_path, suffix):
    for name in ("one", "two"):
        write_picture(lambda: plot_parties(cells, "green_bridges"), tmp_path / f"{name}.{suffix}")
    one, two = ((tmp_path / f"{name}.{suffix}").read_bytes() for name in ("one", "two"))
    assert one == two
    assert len(one) > 2000
