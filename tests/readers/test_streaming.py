"""A long VLOS report is read a debate at a time: memory does not grow with the file."""

import gzip
import subprocess
import sys
import tracemalloc
from itertools import islice

import pytest

from standpunt.errors import ReadError
from standpunt.readers import read_debates

pytestmark = pytest.mark.slow  # whole commands, experiments or readings

FEW, MANY = 30, 300
OPENING = "<vlosCoreDocument><vergadering><datum>2030-05-06T00:00:00</datum>"
CLOSING = "</vergadering></vlosCoreDocument>"
# Not getrusage, whose peak a process inherits from the one that starts it.
MEASURE = """
import sys
from standpunt.readers import read_debates
for debate in read_debates(sys.argv[1]):
    pass
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def activity(number):
    """Return an activity in which a member of its own speaks at length."""
    words = f"Voorzitter. Dit is mijn betoog over brug {number}, die scheef is. " * 20
    turn = (
        f"<woordvoerder><spreker soort='Tweede Kamerlid' objectid='p{number}'><fractie>Geel</fractie>"
        f"<verslagnaam>Smit</verslagnaam></spreker><isvoorzitter>false</isvoorzitter>"
        f"<tekst><alinea><alineaitem>{words}</alineaitem></alinea></tekst></woordvoerder>"
    )
    return f"<activiteit soort='Plenair debat'><titel>Brug {number}</titel>{turn * 20}</activiteit>"


def content(count):
    return (OPENING + "".join(map(activity, range(1, count + 1))) + CLOSING).encode()


@pytest.fixture(scope="module")
def report_of(tmp_path_factory):
    """Return a function that writes a report of so many debates and returns its path."""
    folder = tmp_path_factory.mktemp("long")

    def write(count, pack=bytes):
        path = folder / f"{count}{pack.__name__}.xml"
        path.write_bytes(pack(content(count)))
        return path

    return write


def peak(path):
    """Return the most memory Python held while reading, and the titles of the debates."""
    tracemalloc.start()
    titles = [debate.title for debate in read_debates(path)]
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most, titles


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_memory_stays_flat(report_of, pack):
    peak(report_of(1, pack))  # what is imported and compiled once is not counted
    few, titles = peak(report_of(FEW, pack))
    many, more = peak(report_of(MANY, pack))
    assert titles == [f"Brug {number}" for number in range(1, FEW + 1)]
    assert more == [f"Brug {number}" for number in range(1, MANY + 1)]
    assert many <= 2 * few


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc/self/status")
def test_memory_of_the_parser_stays_flat(report_of):
    # libxml2's own memory is not seen by tracemalloc; a tree of all 300 would take more than the file.
    few, many = (
        int(subprocess.run([sys.executable, "-c", MEASURE, path], check=True, capture_output=True).stdout)
        for path in map(report_of, (FEW, MANY))
    )
    assert (many - few) * 1024 < (len(content(MANY)) - len(content(FEW))) / 4


def test_debates_come_before_the_end_of_the_file_is_read(tmp_path):
    path = tmp_path / "breaks-off.xml"
    path.write_bytes(content(MANY)[: -len(CLOSING) - 100])
    debates = read_debates(path)
    assert [debate.title for debate in islice(debates, 5)] == [f"Brug {number}" for number in range(1, 6)]
    with pytest.raises(ReadError, match=r"breaks-off\.xml: not well-formed XML"):
        list(debates)


def test_reader_that_stops_early_leaves_no_file_open(report_of, recwarn):
    debates = read_debates(report_of(FEW))
    assert next(debates).title == "Brug 1"
    debates.close()
    assert [str(warning.message) for warning in recwarn] == []


def test_ids_and_dates_of_many_debates(report_of):
    debates = list(read_debates(report_of(FEW), debate_id="d"))
    assert [debate.id for debate in debates] == ["d", *(f"d-{number}" for number in range(2, FEW + 1))]
    assert {debate.date for debate in debates} == {"2030-05-06"}
    assert len({turn.id for debate in debates for turn in debate.turns}) == FEW * 20
