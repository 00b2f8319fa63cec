"""Debates whose texts are rows of a table: described without them, and found again in whatever table has them."""

import gzip
import json

import pytest
from click.testing import CliRunner

from standpunt.annotation.layers import Label, Layer
from standpunt.annotation.sources import Source
from standpunt.cli.corpus import corpus as commands
from standpunt.corpora.corpus import TranscriptMissing, load_corpus
from standpunt.errors import InputError, LayerError
from standpunt.readers.recorded import read_recorded

TURNS = (
    ("De voorzitter", None, "chair", "chair", None, "Het woord is aan mevrouw Smit."),
    ("Smit", "Geel", "member", "speech", None, "De brug moet geel.  Zo is  het."),
    ("Pot", None, "minister", "interruption", 2, "Waarom niet groen?"),
    ("Smit", "Geel", "member", "reply", 3, "Omdat geel mooier is."),
    ("Smit", "Geel", "member", "motion", None, "De Kamer, verzoekt de regering de brug te verven, en gaat over."),
)


def records():
    names = ("speaker", "party", "role", "kind", "replies_to", "text")
    return [{"turn": n, **dict(zip(names, turn, strict=True)), "row": 99} for n, turn in enumerate(TURNS, start=1)]


def write(path, lines):
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


@pytest.fixture
def table(tmp_path):
    """Return a table with the texts, backwards, under other names of speakers, among others."""
    rows = [{"speaker": "Mevrouw " + row["speaker"], "text": row["text"], "i": 3} for row in reversed(records())]
    folder = tmp_path / "tables"
    folder.mkdir()
    return write(folder / "turns.jsonl.gz", [{"text": "Iets anders."}, *rows, {"text": "En nog iets."}])


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "corpus" / "brug"
    folder.mkdir(parents=True)
    (folder.parent / "corpus.yaml").write_text("title: t\nsynthetic: true\n", encoding="utf-8")
    debate = read_recorded(write(tmp_path / "turns.jsonl", records()), title="de brug", date="2040-05-14")
    source = Source.from_debate(debate, title="de brug", date="2040-05-14", recorded=True)
    source.save(folder / "source.json")
    labels = (Label(2, "no_fly_zone", "favor", "Smit", ((0, 7),)),)
    Layer("anna", ("no_fly_zone",), source.sha256, labels).save(folder / "stance.anna.jsonl", source)
    return folder.parent


def test_the_description_has_no_word_of_the_debate(corpus):
    text = (corpus / "brug" / "source.json").read_text("utf-8")
    assert not any(word in text for word in ("geel", "brug moet", "verzoekt", "Waarom"))
    source = Source.load(corpus / "brug" / "source.json")
    assert source.is_recorded
    assert [turn.recorded.replies_to for turn in source.turns] == [None, None, 2, 3, None]


@pytest.mark.parametrize("form", ["jsonl.gz", "csv"])
def test_the_debate_comes_back_from_a_table_in_any_order(corpus, table, form):
    if form == "csv":
        rows = [json.loads(line) for line in gzip.decompress(table.read_bytes()).decode().splitlines()]
        table.unlink()
        lines = ["n;tekst", *(f'{n};"{row["text"]}"' for n, row in enumerate(rows))]
        (table.parent / "turns.csv").write_text("\r\n".join(lines), encoding="utf-16")
    (item,) = load_corpus(str(corpus), transcripts=table.parent).debates
    turns = item.debate.turns
    assert [(t.speaker.name, t.speaker.party, t.speaker.role, t.kind) for t in turns] == [turn[:4] for turn in TURNS]
    assert [t.replies_to for t in turns] == [None, None, "brug-002", "brug-003", None]
    assert [t.floor for t in turns] == [None, "Smit", "Smit", "Smit", "Smit"]
    assert turns[1].text == "De brug moet geel. Zo is het."
    assert [motion.turn for motion in item.debate.motions] == ["brug-005"]
    (row,) = load_corpus(str(corpus), transcripts=table.parent).rows(layer="anna")
    assert (row["text"][: row["evidence"][0][1]], row["context"]) == ("De brug", "")


def test_a_table_in_the_folder_of_the_debate_will_do(corpus, table):
    table.rename(corpus / "brug" / "report.jsonl.gz")
    assert len(load_corpus(str(corpus)).debates[0].debate.turns) == 5


def test_a_turn_that_no_table_has_is_named(corpus, table):
    rows = [json.loads(line) for line in gzip.decompress(table.read_bytes()).decode().splitlines()]
    write(table, [row for row in rows if "groen" not in row["text"]])
    with pytest.raises(LayerError, match=r"turn 3 \(Pot\) of 'de brug' .* is no row of .*turns.jsonl.gz, and 1 of 5"):
        load_corpus(str(corpus), transcripts=table.parent)
    table.unlink()
    with pytest.raises(TranscriptMissing, match=r"turn 1 .* is no row of a table \(none is there\), and 5 of 5"):
        load_corpus(str(corpus), transcripts=table.parent)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"turn": 7}, "line 3: turn is 7; expected 3"),
        ({"role": "koning"}, "line 3: role is 'koning'; expected one of chair"),
        ({"kind": "rede"}, "line 3: kind is 'rede'; expected one of speech"),
        ({"replies_to": 3}, "line 3: replies_to is 3; expected the number of an earlier turn"),
        ({"text": " "}, "line 3: text is ' '; expected a turn a line"),
        ({"party": 3}, "line 3: party is 3; expected a text or null"),
    ],
)
def test_a_line_that_is_no_turn_is_refused(tmp_path, change, said):
    lines = records()
    lines[2] |= change
    with pytest.raises(InputError, match=said):
        read_recorded(write(tmp_path / "turns.jsonl", lines), title="x")


def test_the_command_describes_a_debate(tmp_path, table):
    turns = write(tmp_path / "turns.jsonl", records())

    def call(out):
        options = ["--title", "de brug", "--date", "2040-05-14", "--table", str(table.parent), "--out", str(out)]
        return CliRunner().invoke(commands, ["record", str(turns), *options])

    done = call(tmp_path / "new" / "brug")
    assert (done.exit_code, done.stdout) == (0, f"{tmp_path / 'new' / 'brug' / 'source.json'}\n")
    assert done.stderr == "5 turns of 'de brug' (2040-05-14)\n"
    assert "source.json: exists already" in str(call(tmp_path / "new" / "brug").exception)
    write(table, [{"text": "Dit is niets van dat alles."}])
    assert "turn 1 (De voorzitter)" in str(call(tmp_path / "other").exception)
    assert not (tmp_path / "other").exists()
