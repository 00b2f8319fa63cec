"""Files that unfold to far more than they are long."""

import gzip
import zlib

import pyarrow as pa
import pytest
from pyarrow import parquet

from standpunt.errors import InputError, ReadError
from standpunt.readers import read_debate
from standpunt.storage.json_lines import json_lines
from standpunt.storage.unpacking import (
    VARIABLE,
    UnpackedError,
    check_parquet,
    inflated_size,
    limit,
)

SAID = rf"{{}}: unpacked it is larger than 1 MB, .*{VARIABLE} \(in megabytes\)$"
REPORT = "De voorzitter:\n\nHet woord is aan mevrouw Smit.\n\nMevrouw Smit (Geel):\n\nDe brug is oud.\n"


@pytest.fixture(autouse=True)
def one_megabyte(monkeypatch):
    monkeypatch.setenv(VARIABLE, "1")


def long_report(size):
    return (REPORT + "\nDe brug is oud.\n" * (size // 16)).encode()


def test_report_is_refused_beyond_the_limit(tmp_path, monkeypatch):
    path = tmp_path / "report.txt.gz"
    path.write_bytes(gzip.compress(long_report(1_100_000)))
    assert path.stat().st_size < 20_000
    with pytest.raises(ReadError, match=SAID.format(r"report\.txt\.gz")):
        read_debate(path)
    monkeypatch.setenv(VARIABLE, "2")
    assert len(read_debate(path).turns) == 2


def test_xml_is_refused_beyond_the_limit(tmp_path):
    path = tmp_path / "report.xml.gz"
    path.write_bytes(gzip.compress(b"<vlosCoreDocument>" + b"<x/>" * 300_000 + b"</vlosCoreDocument>"))
    with pytest.raises(ReadError, match=SAID.format(r"report\.xml\.gz")):
        read_debate(path)


def test_a_long_report_that_is_not_compressed_is_read(tmp_path):
    path = tmp_path / "report.txt"
    path.write_bytes(long_report(1_100_000))
    assert len(read_debate(path).turns) == 2


def test_lines_are_given_up_to_the_limit(tmp_path):
    path = tmp_path / "rows.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"a": 1}\n' * 200_000))
    rows = json_lines(path, "rows")
    assert next(rows)[1] == {"a": 1}
    with pytest.raises(InputError, match=SAID.format(r"rows\.jsonl\.gz")):
        list(rows)


def test_stream_in_a_pdf_is_refused(tmp_path):
    path = tmp_path / "report.pdf"
    path.write_bytes(b"%PDF-1.4\nstream\r\n" + zlib.compress(b" " * 2_000_000) + b"\nendstream")
    with pytest.raises(ReadError, match=SAID.format(r"report\.pdf")):
        read_debate(path)


@pytest.mark.parametrize("size", [0, 10, 100_000, 999_999])
def test_inflated_size(size):
    assert inflated_size(b"before" + zlib.compress(b"x" * size) + b"behind", 6) == size


def test_inflated_size_of_what_is_no_stream_or_breaks_off():
    packed = zlib.compress(bytes(range(256)) * 400)
    assert inflated_size(b"no stream") == 0
    assert 0 < inflated_size(packed[: len(packed) // 2]) < 256 * 400
    assert 1_000_000 < inflated_size(zlib.compress(bytes(50_000_000))) < 2_000_000  # followed no further


def test_parquet_is_measured_before_it_is_read(tmp_path):
    path = tmp_path / "rows.parquet"
    rows = 200_000
    column = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array(["x"]))
    parquet.write_table(pa.table({"a": column[:1000]}), path)
    check_parquet(path)
    parquet.write_table(pa.table({"a": column}), path)
    assert path.stat().st_size < 5_000
    with pytest.raises(UnpackedError, match="larger than 1 MB"):
        check_parquet(path)
    path.write_text("no table")
    check_parquet(path)


@pytest.mark.parametrize("value", ["x", "0", "-1", "1.5", "²"])
def test_a_limit_that_is_none_is_told(monkeypatch, value):
    monkeypatch.setenv(VARIABLE, value)
    with pytest.raises(InputError, match=f"{VARIABLE} is '{value}'; expected whole megabytes"):
        limit()


def test_by_default_there_is_a_limit(monkeypatch):
    monkeypatch.delenv(VARIABLE)
    assert limit() == 200_000_000
