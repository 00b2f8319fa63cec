import csv
import io
import unicodedata
from dataclasses import replace

import pytest

from standpunt.annotation.arguments import Sentence
from standpunt.annotation.layers import Label
from standpunt.annotation.nuance import Nuance
from standpunt.errors import InputError, LayerError
from standpunt.exchange.annotations import updated
from standpunt.exchange.sheets import ARGUMENTS, COLUMNS, LAYERS, STANCE, export_sheets, sheet, shortened, stance_row
from standpunt.exchange.sheets_import import import_sheets

FINER = {"leaning": "against", "strength": "2", "conditional": "yes", "asks": "no"}


@pytest.fixture
def out(small, tmp_path):
    export_sheets(small, tmp_path / "out")
    return tmp_path / "out"


def rows(path, delimiter=","):
    text = path.read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


def edit(path, number, **cells):
    """Change cells of a row of a sheet, as a spreadsheet would save it."""
    table = rows(path)
    table[number] |= cells
    write(path, table)


def write(path, found, delimiter=","):
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(found[0]), delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(found)
    path.write_bytes(text.getvalue().encode("utf-8-sig"))


def test_a_row_a_label_and_a_row_a_sentence(out, small):
    assert all((out / name).read_bytes().startswith(b"\xef\xbb\xbf") for name in COLUMNS)
    assert {name: tuple(rows(out / name)[0]) for name in COLUMNS} == COLUMNS
    stance, sentences = rows(out / STANCE), rows(out / ARGUMENTS)
    assert [(row["annotator"], row["turn"], row["issue"], row["label"]) for row in stance] == [
        ("adjudicated", "2", "no_fly_zone", "against"),
        ("adjudicated", "3", "no_fly_zone", "favor"),
        ("lm-a", "2", "frozen_assets", "neutral"),
        ("lm-a", "2", "no_fly_zone", "against"),
        ("lm-a", "3", "no_fly_zone", "favor"),
    ]
    assert stance[0]["text"] == small.debate.turn(2).text
    assert len(sentences) == 6
    assert (sentences[3]["frame"], sentences[3]["relation"], sentences[3]["text"]) == (
        "economic", "support", "Want verf is duur.",
    )  # fmt: skip


def test_no_cell_is_a_formula(out):
    text = (out / STANCE).read_bytes().decode("utf-8-sig")
    assert rows(out / STANCE)[1]["text"] == "'=SOM(A1) is geen antwoord. Waarom?"
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


@pytest.mark.parametrize("cell", ["=1", "'=1", "''+x", "-", "@a", "\tx", "'s Gravenhage", "a=1", "", "'"])
def test_every_cell_comes_back(tmp_path, cell):
    from standpunt.exchange.sheets import read_sheet

    (tmp_path / "a.csv").write_bytes(sheet(("a", "b"), [(cell, "x")]))
    ((line, row),) = read_sheet(tmp_path / "a.csv", ("a", "b"))
    assert (line, row) == (2, {"a": cell, "b": "x"})


def test_semicolons(small, tmp_path):
    export_sheets(small, tmp_path / "out", delimiter=";")
    assert (tmp_path / "out" / STANCE).read_bytes().startswith(b"\xef\xbb\xbfannotator;turn;")
    imported = import_sheets(tmp_path / "out", small.without_layers())
    assert (imported.stance, imported.arguments) == (small.stance, small.arguments)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_saved_anew_by_a_spreadsheet(out, small, delimiter):
    for name in COLUMNS:
        write(out / name, rows(out / name), delimiter)
        lines = (out / name).read_bytes().replace(b"\r\n", b"\n")
        (out / name).write_bytes(lines + b"\n" + delimiter.encode() * 3 + b"\n")
    imported = import_sheets(out, small.without_layers())
    assert (imported.stance, imported.arguments) == (small.stance, small.arguments)


def test_edited_labels_come_in(out, small):
    edit(out / STANCE, 3, label="favor", evidence="[[0, 11]]")
    edit(out / STANCE, 4, label="")
    edit(out / ARGUMENTS, 4, frame="economic")
    imported = import_sheets(out, small.without_layers())
    assert imported.stance["lm-a"].labels[1] == Label(2, "no_fly_zone", "favor", "Jansen", ((0, 11),))
    assert (3, "no_fly_zone") not in imported.stance["lm-a"].by_pair()
    assert [one.frame for one in imported.arguments["lm-a"].sentences] == [None, None, "economic", "economic", None]
    assert imported.stance["adjudicated"] == small.stance["adjudicated"]


def test_finer_fields_filled_in(out, small):
    edit(out / STANCE, 0, **FINER)
    label = import_sheets(out, small.without_layers()).stance["adjudicated"].labels[0]
    assert label == replace(small.stance["adjudicated"].labels[0], nuance=Nuance("against", 2, True, False))


def test_sheet_made_before_there_were_finer_fields(out, small):
    table = [{name: cell for name, cell in row.items() if name not in FINER} for row in rows(out / STANCE)]
    assert len(table[0]) == len(COLUMNS[STANCE]) - 4
    write(out / STANCE, table)
    assert import_sheets(out, small.without_layers()).stance == small.stance


def test_new_annotator_in_the_sheet(out, small):
    edit(out / STANCE, 0, annotator="piet")
    imported = import_sheets(out, small.without_layers())
    assert imported.stance["piet"].issues == ("no_fly_zone",)
    assert imported.stance["piet"].by_pair() == {(2, "no_fly_zone"): "against"}


def test_one_file_of_labels(small, tmp_path):
    turn = small.debate.turn(2)
    labels = {"no_fly_zone": "favor", "frozen_assets": "", "conscription": "none"}
    cells = [stance_row("piet", turn, issue, label, ()) for issue, label in labels.items()]
    (tmp_path / "next.csv").write_bytes(sheet(COLUMNS[STANCE], cells))
    imported = import_sheets(tmp_path / "next.csv", small.without_layers())
    assert imported.stance["piet"].issues == tuple(labels)
    assert imported.stance["piet"].by_pair() == {(2, "no_fly_zone"): "favor"}


@pytest.mark.parametrize(("issue", "why"), [("no_fly_zon", "did you mean 'no_fly_zone'"), (" ", "no issue; write")])
@pytest.mark.parametrize("label", ["favor", ""])
def test_issue_that_nobody_knows_makes_no_layer(small, tmp_path, issue, label, why):
    cells = [stance_row("piet", small.debate.turn(2), issue, label, ())]
    (tmp_path / "next.csv").write_bytes(sheet(COLUMNS[STANCE], cells))
    with pytest.raises(LayerError, match=f"line 2: .*{why}"):
        import_sheets(tmp_path / "next.csv", small)


def test_emptied_label_is_taken_back_from_the_layer(out, small):
    edit(out / STANCE, 3, label="")
    edit(out / STANCE, 4, label="none")
    write(out / STANCE, rows(out / STANCE)[3:])
    imported = updated(small, import_sheets(out, small))
    assert imported.stance["lm-a"].labels == small.stance["lm-a"].labels[:1]
    # No row speaks of the labels of others.
    assert imported.stance["adjudicated"] == small.stance["adjudicated"]


def test_accents_may_be_saved_in_two_characters(make, small, tmp_path):
    turn = replace(small.debate.turns[1], speaker=replace(small.debate.turns[1].speaker, name="Müller"))
    debate = replace(small.debate, turns=(small.debate.turns[0], turn))
    sentence = Sentence(2, (0, 11), "Müller", "claim")
    made = make(debate, {"a": [Label(2, "no_fly_zone", "favor", "Müller")]}, {"a": [sentence]})
    export_sheets(made, tmp_path / "out")
    for name in (STANCE, ARGUMENTS):
        text = (tmp_path / "out" / name).read_text(encoding="utf-8-sig")
        (tmp_path / "out" / name).write_text(unicodedata.normalize("NFD", text), encoding="utf-8-sig")
    imported = import_sheets(tmp_path / "out", made)
    assert (imported.stance, imported.arguments) == (made.stance, made.arguments)


def test_turn_longer_than_a_cell(make, small, tmp_path):
    turn = replace(small.debate.turns[1], text="Brug. " * 6000 + "Einde.")
    debate = replace(small.debate, turns=(small.debate.turns[0], turn))
    made = make(debate, {"a": [Label(2, "no_fly_zone", "favor", "Jansen", ((36000, 36006),))]})
    export_sheets(made, tmp_path / "out")
    (row,) = rows(tmp_path / "out" / STANCE)
    assert row["text"] == shortened(turn.text)
    assert len(row["text"]) < 32_767
    assert import_sheets(tmp_path / "out", made.without_layers()).stance == made.stance
    edit(tmp_path / "out" / STANCE, 0, text=row["text"].replace("Brug.", "Tunnel.", 1))
    with pytest.raises(LayerError, match="line 2: its text is not that of turn 2"):
        import_sheets(tmp_path / "out", made.without_layers())


@pytest.mark.parametrize(
    ("name", "number", "cells", "why"),
    [
        (STANCE, 0, {"label": "voor"}, r"stance\.csv, line 2: unknown label 'voor'"),
        # The text of turn 2 has two line breaks, so that the second row begins on line 5.
        (STANCE, 1, {"label": "favour"}, r"line 5: unknown label 'favour': did you mean 'favor'"),
        (STANCE, 0, {"issue": "no_fly"}, "line 2: unknown issue 'no_fly': did you mean 'no_fly_zone'"),
        (STANCE, 0, {"turn": "3"}, r"its text is not that of turn 3 \(Smit\)"),
        (STANCE, 0, {"turn": "99"}, "there is no turn 99"),
        (STANCE, 0, {"issue": "no_fly", "label": ""}, "line 2: unknown issue 'no_fly': did you mean 'no_fly_zone'"),
        (STANCE, 0, {"annotator": "a/b"}, r"stance\.csv, line 2: annotator 'a/b': the name is part of file names"),
        (STANCE, 0, {"speaker": "Smit"}, "line 2: turn 2 is spoken by Jansen, not Smit"),
        (STANCE, 0, {"turn": "twee"}, "expected a whole number, got 'twee'"),
        (STANCE, 0, {"text": "Iets anders."}, "its text is not that of turn 2"),
        (STANCE, 0, {"annotator": " "}, "no annotator"),
        (STANCE, 0, {"annotator": "a/b"}, "part of file names"),
        (STANCE, 0, {"leaning": "against"}, r"stance\.csv, line 2: beside a leaning, 'conditional' and 'asks'"),
        (STANCE, 0, FINER | {"strength": "1"}, "line 2: label against beside leaning against of strength 1"),
        (STANCE, 0, FINER | {"strength": "two"}, "line 2: expected a whole number, got 'two'"),
        (STANCE, 0, FINER | {"asks": "true"}, "line 2: asks must be yes or no, got 'true'"),
        (STANCE, 0, FINER | {"label": ""}, "line 2: no label beside leaning against; write against, or empty leaning"),
        (STANCE, 3, FINER, "line 9: leaning, .* belong to codebook 2, and the layer names 1"),
        (STANCE, 0, {"evidence": "0-11"}, "expected offsets such as .*, or words of the turn, got '0-11'"),
        (STANCE, 0, {"evidence": "Nooit gezegd"}, "line 2: the quote 'Nooit gezegd' does not occur in the turn 2"),
        (STANCE, 0, {"evidence": "3"}, "expected offsets such as"),
        (STANCE, 0, {"evidence": "[" * 20_000}, "expected a list in brackets"),
        (STANCE, 0, {"evidence": "[[1]]"}, r"expected offsets such as \[0, 11\]"),
        (STANCE, 0, {"evidence": "[[0, 9999]]"}, "evidence on no_fly_zone 0-9999 lies outside turn 2"),
        (STANCE, 3, {"issue": "frozen_assets"}, "a second label of lm-a on turn 2 and frozen_assets"),
        (ARGUMENTS, 1, {"start": "1"}, "its text is not that of turn 2"),
        (ARGUMENTS, 1, {"end": "x"}, "expected a whole number"),
        (ARGUMENTS, 1, {"end": "9999"}, "lies outside turn 2"),
        (ARGUMENTS, 1, {"component": "thesis"}, r"arguments\.csv, line 3: unknown component 'thesis'"),
        (ARGUMENTS, 1, {"frame": "economic"}, "a premise has a frame and nothing else has"),
        (ARGUMENTS, 3, {"frame": "money"}, "unknown frame 'money'"),
        (ARGUMENTS, 3, {"frame": ""}, "a premise has a frame .* got premise, no frame"),
        (ARGUMENTS, 3, {"relation": ""}, "relation and target go together"),
        (ARGUMENTS, 3, {"target": "[0, 11]"}, r"line 5: the target \(0, 11\) is no claim of turn 2"),
        (ARGUMENTS, 3, {"target": "0"}, r"expected offsets such as \[0, 11\]"),
        (LAYERS, 0, {"sha256": "sha256:" + "0" * 64}, r"layers\.csv, line 2: it belongs to another text"),
        (LAYERS, 0, {"issues": "no_fly_zone"}, "expected a list in brackets"),
        (LAYERS, 0, {"issues": "3"}, "issues must be a list"),
        (LAYERS, 0, {"layer": "mood"}, "layer must be stance or arguments, got 'mood'"),
        (LAYERS, 0, {"codebook": ""}, "expected a whole number"),
    ],
)
def test_wrong_cell_is_refused_with_its_line(out, small, name, number, cells, why):
    edit(out / name, number, **cells)
    with pytest.raises(LayerError, match=why):
        import_sheets(out, small.without_layers())


@pytest.mark.parametrize(
    ("head", "why"),
    [
        ("text,id,annotator,annotation_id,created_at", "a CSV export of Label Studio; it leaves out links"),
        ("annotator,turn,speaker,kind,issue,label,evidence,text,note", "line 1: unknown column 'note'"),
        ("turn,speaker,kind,issue,label,evidence,text", "column 'annotator' must be there once.*belongs to no layer"),
        ("annotator,turn,speaker,kind,issue,label,text", "column 'evidence' must be there once"),
        ("annotator,annotator,turn,speaker,kind,issue,label,evidence,text", "'annotator' must be there once"),
        ("", "column 'annotator' must be there once"),
        ("annotator,turn,speaker,kind,issue,label,evidence,text\na,b", "line 2: 2 cells where the first line names 8"),
    ],
)
def test_wrong_columns(small, tmp_path, head, why):
    (tmp_path / "a.csv").write_text(head + "\n", encoding="utf-8")
    with pytest.raises(LayerError, match=why):
        import_sheets(tmp_path / "a.csv", small)


def test_file_that_cannot_be_read(out, small, tmp_path):
    (tmp_path / "latin.csv").write_bytes("annotator,José".encode("cp1252"))
    with pytest.raises(LayerError, match="not UTF-8 text; save it in the spreadsheet as CSV UTF-8"):
        import_sheets(tmp_path / "latin.csv", small)
    with pytest.raises(LayerError, match=r"weg\.csv: cannot be read"):
        import_sheets(tmp_path / "weg.csv", small)
    (out / LAYERS).unlink()
    with pytest.raises(LayerError, match=r"no layers\.csv in it"):
        import_sheets(out, small)


def test_nothing_is_written_over(small, out):
    with pytest.raises(InputError, match="exists already"):
        export_sheets(small, out)
