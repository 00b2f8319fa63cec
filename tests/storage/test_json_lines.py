"""JSON Lines, plain and gzip, and what is said where they cannot be read."""

import gzip
from itertools import islice

import pytest

from standpunt.errors import InputError, LayerError
from standpunt.storage.json_lines import json_lines, text_lines

LINES = '\ufeff{"a": "één\u2028twee"}\r\n\n  \n{"a": 2}'


@pytest.mark.parametrize("name", ["x.jsonl", "x.jsonl.gz"])
def test_objects_come_with_their_places(tmp_path, name):
    path = tmp_path / name
    with gzip.open(path, "wb") if name.endswith(".gz") else path.open("wb") as file:
        file.write(LINES.encode())
    assert list(json_lines(path, "records")) == [
        (f"{path}, line 1", {"a": "één\u2028twee"}),
        (f"{path}, line 4", {"a": 2}),
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [("{", "not valid JSON"), ("[" * 100_000, "not valid JSON"), ("null", "not a JSON object"), ("[1]", "not a JSON")],
)
def test_a_line_that_is_no_object_is_named(tmp_path, line, said):
    path = tmp_path / "x.jsonl"
    path.write_text('{"a": 1}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(LayerError, match=rf"x\.jsonl, line 2: {said}.*; expected records$"):
        list(json_lines(path, "records", error=LayerError))
    assert len(list(islice(json_lines(path, "records"), 1))) == 1  # read no further than is asked for


def broken(tmp_path):
    (tmp_path / "latin.jsonl").write_bytes(b'{"a": "\xe9"}\n')
    (tmp_path / "half.jsonl.gz").write_bytes(gzip.compress(LINES.encode())[:-9])
    (tmp_path / "plain.jsonl.gz").write_bytes(b"{}\n")
    (tmp_path / "folder.jsonl").mkdir()
    return ("latin.jsonl", "half.jsonl.gz", "plain.jsonl.gz", "folder.jsonl", "missing.jsonl")


def test_files_that_cannot_be_read_are_one_sentence(tmp_path):
    for name in broken(tmp_path):
        with pytest.raises(InputError, match=rf"{name}: cannot be read \(.+\); give another$") as caught:
            list(json_lines(tmp_path / name, "records", advice="give another"))
        assert "\n" not in str(caught.value)
        with pytest.raises(InputError, match=r"; expected records$"):
            list(json_lines(tmp_path / name, "records"))


def test_lines_keep_their_ends(tmp_path):
    (tmp_path / "x.txt").write_text("een\n\ntwee", encoding="utf-8")
    assert list(text_lines(tmp_path / "x.txt", "")) == ["een\n", "\n", "twee"]
