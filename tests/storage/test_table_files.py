"""Tables of the user's: what is found out of them, and what is wrong with one said with its row and column."""

import csv
import gzip
import json
import zipfile

import pyarrow as pa
import pytest
from pyarrow import parquet

from standpunt.errors import InputError
from standpunt.storage.tables import table as tables
from standpunt.storage.tables.opening import has_table_name, open_table
from standpunt.storage.unpacking import VARIABLE

ROWS = [
    {"text": "De brug moet geel, en niet groen.", "party": "Geel"},
    {"text": 'Zij zei: "nee; nooit".\nEn ging.', "party": "Blauw"},
    {"text": "Café met één tafel kost € 5.", "party": None},
]


def write_csv(path, *, encoding="utf-8", delimiter=",", rows=ROWS, end="\r\n"):
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator=end)
        writer.writerow(rows[0])
        writer.writerows([cell or "" for cell in row.values()] for row in rows)
    return path


def cells(table):
    return [row.cells for row in table.rows()]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", None),
        ("utf-8-sig", None),
        ("cp1252", "encoding windows-1252 (not UTF-8)"),
        ("utf-16", "encoding utf-16 (by its mark)"),
        ("utf-16-le", "encoding utf-16-le (by its zero bytes)"),
    ],
)
def test_encoding_and_delimiter_are_found_out_and_said(tmp_path, encoding, said, delimiter):
    table = open_table(write_csv(tmp_path / "a.csv", encoding=encoding, delimiter=delimiter))
    assert cells(table) == ROWS
    assert [row.place for row in table.rows()] == ["line 2", "line 3", "line 5"]
    names = {";": "delimiter semicolon", "\t": "delimiter tab", "|": "delimiter bar"}
    assert set(table.said) == {one for one in (said, names.get(delimiter)) if one}
    assert cells(table) == ROWS  # it can be read again


def test_json_lines_parquet_and_gzip_give_the_same_rows(tmp_path):
    lines = "".join(json.dumps(row) + "\n" for row in ROWS).encode()
    (tmp_path / "a.jsonl").write_bytes(lines)
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(lines))
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(write_csv(tmp_path / "a.csv").read_bytes()))
    parquet.write_table(pa.Table.from_pylist(ROWS), tmp_path / "a.parquet")
    (tmp_path / "unnamed").write_bytes(lines)
    for name in ("a.jsonl", "a.jsonl.gz", "a.csv.gz", "a.parquet", "unnamed"):
        assert cells(open_table(tmp_path / name)) == ROWS, name
    assert [row.place for row in open_table(tmp_path / "a.parquet").rows()] == ["row 1", "row 2", "row 3"]


@pytest.fixture
def workbook(tmp_path):
    openpyxl = pytest.importorskip("openpyxl", reason="standpunt[excel] is not installed")

    def write(*sheets):
        book = openpyxl.Workbook()
        book.remove(book.active)
        for name, rows in sheets:
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(row)
        book.save(tmp_path / "a.xlsx")
        return tmp_path / "a.xlsx"

    return write


def test_excel_is_read_from_the_first_sheet_that_holds_anything(workbook):
    import datetime

    day = datetime.datetime(2025, 3, 13)
    path = workbook(("leeg", []), ("Blad 2", [[], ["nr", "text", "dag"], [1.0, ROWS[0]["text"], day], [2, None, None]]))
    table = open_table(path)
    assert table.said == ("sheet 'Blad 2', the first with anything of 2",)
    assert cells(table) == [
        {"nr": 1, "text": ROWS[0]["text"], "dag": "2025-03-13"},
        {"nr": 2, "text": None, "dag": None},
    ]
    assert next(iter(table.rows())).place == "row 3"
    with pytest.raises(InputError, match="no sheet 'x'; its sheets are leeg, Blad 2"):
        open_table(path, sheet="x")


def test_what_is_wrong_with_a_workbook_is_said(workbook, tmp_path):
    with pytest.raises(InputError, match=r"row 1: the column 'text' is there twice, as number 1 and 2"):
        open_table(workbook(("a", [["text", "text"]])))
    with pytest.raises(InputError, match=r"row 2: a cell beyond the 1 columns"):
        list(open_table(workbook(("a", [["text"], ["x", "y"]]))).rows())
    path = workbook(("a", [["text"], ["x"]]))
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(InputError, match=r"a\.xlsx: (an archive that holds no workbook|cannot be read as Excel)"):
        open_table(path)


def test_a_workbook_that_unfolds_to_too_much_is_refused(tmp_path, monkeypatch):
    pytest.importorskip("openpyxl", reason="standpunt[excel] is not installed")
    monkeypatch.setenv(VARIABLE, "1")
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 3_000_000)
    with pytest.raises(InputError, match=r"bomb\.xlsx: unpacked it is larger than 1 MB"):
        open_table(tmp_path / "bomb.xlsx")


def test_excel_needs_its_library(tmp_path, monkeypatch):
    monkeypatch.setattr("standpunt.storage.tables.excel.NEEDED", "no_such_package")
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(InputError, match=r"reading Excel needs .*pip install 'standpunt\[excel\]'"):
        open_table(tmp_path / "a.xlsx")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"\r\n\r\n", "the table is empty"),
        (b"text,party,text\na,b,c\n", "line 1: the column 'text' is there twice, as number 1 and 3; rename one"),
        (b'text,n\n"a",1\n"b,2\nc,3\n', "line 3: a quotation mark is opened in this row and never closed"),
        (b'text,n\na,1\n"b"x,2\n', "line 3: not well-formed CSV"),
        (b"text,n\na,1\nb, of c,2\n", "line 3: more cells than the 2 columns .*; a comma within a text needs"),
        (b"\x89PNG\0\0\0\1\0\2\3\0", "a binary file; expected a table"),
        (b"text\n" + "één twee\n".encode() * 30 + b"caf\xe9\n", "line 32: the byte 0xe9 is not UTF-8"),
    ],
)
def test_what_is_wrong_with_csv_is_said_with_its_line(tmp_path, content, said):
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(InputError, match=rf"a\.csv(, |: ){said}"):
        list(open_table(tmp_path / "a.csv").rows())


def test_a_cell_that_is_no_text_any_more_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "LONGEST", 50)
    with pytest.raises(InputError, match=r"line 3, column text: 60 characters in one cell, the most is 50"):
        list(open_table(write_csv(tmp_path / "a.csv", rows=[ROWS[0], {"text": "x" * 60, "party": ""}])).rows())


def test_fifty_megabytes_in_one_cell_are_refused(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"n,text\n1,kort\n2," + b"x" * 50_000_000 + b"\n")
    with pytest.raises(InputError, match=r"a\.csv, line 3, column text: 50,000,000 characters in one cell"):
        list(open_table(tmp_path / "a.csv").rows())


def test_nothing_is_lost_of_rows_that_are_short_or_have_empty_cells_behind(tmp_path):
    (tmp_path / "a.csv").write_text("\ntext,n\na\n\nb,2,,\n", "utf-8")
    table = open_table(tmp_path / "a.csv")
    assert [(row.place, row.cells) for row in table.rows()] == [
        ("line 3", {"text": "a", "n": None}),
        ("line 5", {"text": "b", "n": "2"}),
    ]


def test_a_single_column_of_texts_with_commas_keeps_them(tmp_path):
    (tmp_path / "a.csv").write_text('text\n"Ja, nee, misschien"\nKort\n"Ja, ja"\n', "utf-8")
    texts = [row.cells["text"] for row in open_table(tmp_path / "a.csv").rows()]
    assert texts == ["Ja, nee, misschien", "Kort", "Ja, ja"]


def test_tab_separated_texts_may_have_quotation_marks_of_their_own(tmp_path):
    (tmp_path / "a.tsv").write_text('n\ttext\n1\t"Ja" zei zij\n2\tEn "nee"\n', "utf-8")
    assert [row.cells["text"] for row in open_table(tmp_path / "a.tsv").rows()] == ['"Ja" zei zij', 'En "nee"']


def test_what_is_no_table_is_said(tmp_path):
    (tmp_path / "a.xls").write_bytes(b"x")
    with pytest.raises(InputError, match=r"a spreadsheet of another kind \(\.xls\); save it as \.xlsx or as CSV"):
        open_table(tmp_path / "a.xls")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.csv", "text")
    with pytest.raises(InputError, match="an archive that holds no workbook"):
        open_table(tmp_path / "a.zip")
    (tmp_path / "a.json").write_text('[{"text": "x"}]', "utf-8")
    with pytest.raises(InputError, match=r"a\.json: JSON that is no record a line; save it as JSON Lines"):
        open_table(tmp_path / "a.json")
    (tmp_path / "a.parquet").write_bytes(b"text\n")
    with pytest.raises(InputError, match="not a file of this kind, or damaged"):
        open_table(tmp_path / "a.parquet")
    with pytest.raises(InputError, match="encoding 'x' is unknown"):
        open_table(write_csv(tmp_path / "a.csv"), encoding="x")
    with pytest.raises(InputError, match=r"a\.csv: not ascii"):
        list(open_table(tmp_path / "a.csv", encoding="ascii").rows())
    with pytest.raises(InputError, match=r"none\.csv: cannot be read"):
        open_table(tmp_path / "none.csv")


def test_a_table_is_told_by_the_end_of_its_name():
    assert all(map(has_table_name, ("a.csv", "A.CSV.gz", "a.jsonl", "b.parquet", "c.xlsx", "d.tsv", "e.xls")))
    assert not any(map(has_table_name, ("a.txt", "a.xml.gz", "a.pdf", "csv")))


def test_a_group_of_parquet_that_unfolds_to_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, "1")
    texts = pa.table({"text": ["x" * 10] * 200_000})
    parquet.write_table(texts, tmp_path / "a.parquet", row_group_size=10_000)
    assert sum(1 for _ in open_table(tmp_path / "a.parquet").rows()) == 200_000  # group by group it fits
    parquet.write_table(texts, tmp_path / "b.parquet")
    with pytest.raises(InputError, match=r"b\.parquet: a group of rows: unpacked it is larger than 1 MB"):
        open_table(tmp_path / "b.parquet")
