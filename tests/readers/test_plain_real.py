"""Real reports whose lines were lost, and the Ukraine debate printed as PDF, where they are at hand: numbers only."""

import gzip
import os
import re
from pathlib import Path

import pytest

from printing import print_debate
from report_pdf import report_pdf
from standpunt.corpora.transcripts import VARIABLE, transcripts_paths
from standpunt.readers import read_debate

DATA = os.environ.get("STANDPUNT_DATA")
FOLDER = Path(DATA or "/nowhere") / "debates" / "tk_2024"
needs_data = pytest.mark.skipif(not FOLDER.is_dir(), reason="the reports do not ship; set STANDPUNT_DATA")
# By the beginning of the file's name: headers, motions, motions with advice.
FLAT = {
    "0a178131": (52, 6, 5),
    "0a389791": (35, 0, 0),
    "0a9f7faa": (29, 0, 0),
    "26cb6cf6": (416, 35, 34),
    "40993d1c": (138, 16, 15),
    "965cac71": (418, 31, 30),
    "ed7ffb05": (215, 0, 0),
}


def flat(name):
    (path,) = FOLDER.glob(f"{name}*.txt.gz")
    return path


@needs_data
@pytest.mark.parametrize("name", FLAT)
def test_headers_motions_and_advice_of_running_text(name):
    debate = read_debate(flat(name))
    headers, motions, advised = FLAT[name]
    assert sum(turn.kind != "motion" for turn in debate.turns) == headers
    assert len(debate.motions) == motions
    assert sum(m.advice is not None for m in debate.motions) == advised
    assert all(m.number and m.dossier and m.request for m in debate.motions)
    assert debate.oddities == {}


@needs_data
@pytest.mark.parametrize("name", FLAT)
def test_headers_by_a_count_that_knows_no_grammar(name):
    # Whoever has a party or an office, in capitals as headers have them; what is said in between has small letters.
    text = gzip.decompress(flat(name).read_bytes()).decode()
    member = r"(?:De heer|Mevrouw|Kamerlid) [^:.?!()]{1,40} \([^()]{1,30}\)"
    cabinet = r"(?:Minister|Staatssecretaris)(?: (?:[A-Z][^:.?!() ]*|de|der|den))+"
    counted = re.findall(rf"(?:{member}|{cabinet}|De voorzitter):", text)
    assert len(counted) == FLAT[name][0]


@needs_data
@pytest.mark.parametrize("name", FLAT)
def test_offsets_and_places(name, unaccounted):
    debate = read_debate(flat(name))
    for turn in debate.turns:
        assert debate.to_source(turn, 0, len(turn.text)) == (turn.start, turn.end)
    left = [problem for problem in unaccounted(debate) if "Kamerlid" not in problem]  # a title that the helper lacks
    assert left == []


@pytest.mark.skipif(
    not transcripts_paths(os.environ.get(VARIABLE)), reason=f"set {VARIABLE} to the transcript's folder"
)
@pytest.mark.parametrize("columns", [1, 2])
def test_the_ukraine_debate_printed_as_pdf(tmp_path, columns):
    (path,) = [file for place in transcripts_paths() for file in place.rglob("tk-2025-09-11-oekraine.txt")]
    expected = read_debate(path)
    head = "Het Huis, 11 september 2025"
    (tmp_path / "a.pdf").write_bytes(report_pdf(print_debate(expected), head=head, columns=columns))
    read = read_debate(tmp_path / "a.pdf")
    assert len(read.turns) == 303
    assert [(t.speaker, t.kind, t.term) for t in read.turns] == [(t.speaker, t.kind, t.term) for t in expected.turns]
    assert read.sha256 == expected.sha256
    assert [(m.number, m.advice) for m in read.motions] == [(m.number, m.advice) for m in expected.motions]
