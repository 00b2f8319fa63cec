import pytest

from standpunt.analysis.course import stance_course
from standpunt.analysis.plots import plot_course, plot_replies, plot_stance_map
from standpunt.analysis.replies import replies
from standpunt.analysis.stance_map import stance_map

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")


def ticks(axis):
    return [label.get_text() for label in axis.get_ticklabels()]


@pytest.fixture(autouse=True)
def close():
    yield
    from matplotlib import pyplot as plt

    plt.close("all")


def test_map_names_issues_and_parties_and_marks_disputes(stances):
    ax = plot_stance_map(stance_map(stances))
    assert ticks(ax.xaxis) == ["A & <i>B</i>", "Bomen", "cabinet"]
    assert ticks(ax.yaxis) == ["green bridges"]
    assert [text.get_text() for text in ax.texts] == ["≠"]
    ax.figure.canvas.draw()


def test_plots_draw_on_the_axes_given(stances, debate):
    from matplotlib import pyplot as plt

    for plot, frame in ((plot_course, stance_course(stances)), (plot_replies, replies(debate, stances))):
        ax = plt.subplots()[1]
        assert plot(frame, ax) is ax
        ax.figure.canvas.draw()
