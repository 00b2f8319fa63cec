"""Files that cannot be read say why."""

import pytest

from standpunt.errors import ReadError
from standpunt.readers import read_debate
from standpunt.readers.decoding import decode

REPORT = "De voorzitter:\nWelkom.\n\nMevrouw Smit (Geel):\nVoorzitter. De brug is naar één kant scheef.\n"
RAW = REPORT.encode()

BROKEN = {
    "mid-sentence": (RAW[: RAW.index(b" kant")], "middle of a sentence"),
    "after a header": (RAW[: RAW.index(b"Voorzitter. De")], "after the header of Smit"),
    "middle of a character": (RAW[: RAW.index("één".encode()) + 1], ""),
    "empty": (b"", "empty"),
    "blank": (b"\n \r\n", "empty"),
    "binary": (b"\x89PNG\n\0\0" + RAW, "binary"),
    "damaged PDF": (b"%PDF-1.7\n\0\0" + RAW, "a damaged PDF"),
    "latin-1": (REPORT.encode("latin-1"), "not UTF-8"),
    "no speaker": (b"Welkom bij de vergadering.\n\nHet was druk.\n", "no speaker header"),
}


@pytest.fixture
def write(tmp_path):
    def write_report(raw):
        path = tmp_path / "verslag.txt"
        path.write_bytes(raw)
        return path

    return write_report


@pytest.mark.parametrize(("raw", "why"), BROKEN.values(), ids=BROKEN)
def test_broken_report_is_refused_in_one_sentence(write, raw, why):
    path = write(raw)
    with pytest.raises(ReadError) as caught:
        read_debate(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert why in message
    assert "\n" not in message
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("case", ["mid-sentence", "after a header", "middle of a character"])
def test_partial_accepts_a_report_that_breaks_off(write, case):
    debate = read_debate(write(BROKEN[case][0]), partial=True)
    assert debate.turns[0].text == "Welkom."
    assert all(
        turn.text in ("Welkom.", "Voorzitter. De brug is naar", "Voorzitter. De brug is naar één")
        for turn in debate.turns
    )


@pytest.mark.parametrize("case", ["empty", "binary", "damaged PDF", "latin-1", "no speaker"])
def test_partial_does_not_accept_what_is_no_report(write, case):
    with pytest.raises(ReadError):
        read_debate(write(BROKEN[case][0]), partial=True)


def test_missing_file_and_folder_are_named(tmp_path):
    for path in (tmp_path / "weg.txt", tmp_path):
        with pytest.raises(ReadError, match=str(path)):
            read_debate(path)


def test_report_may_end_in_a_stage_direction_or_quote(write):
    for end in ("\nDe beraadslaging wordt gesloten.\n", '\n"Dat was het."\n', "\n(Applaus)\n"):
        assert len(read_debate(write(RAW + end.encode())).turns) == 2


def test_debate_id_is_given_or_a_hash(write):
    path = write(RAW)
    assert read_debate(path, debate_id="bruggen").turns[1].id == "bruggen-002"
    assert read_debate(path).id == read_debate(path).id
    assert len(read_debate(path).id) == 8


def test_decode_names_the_byte():
    with pytest.raises(ReadError, match="byte 3: 0xe9"):
        decode(b"caf\xe9 is open")
