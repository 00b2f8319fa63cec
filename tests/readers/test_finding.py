"""Reports in folders and in lists of files."""

import io
import os
import sys

import pytest

from standpunt.errors import InputError
from standpunt.readers.finding import find_reports, listed


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("in/b.txt", "in/a.xml.gz", "in/2030/c.PDF", "in/notes.md", "in/.x.txt", "in/.git/y.txt", "in/LICENSE"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    (tmp_path / "list").mkdir()
    return tmp_path


def test_reports_of_a_folder_are_taken_and_others_counted(folder):
    found = find_reports(["one.md", "in"])
    assert found.files == ("one.md", "in/a.xml.gz", "in/b.txt", os.path.join("in", "2030", "c.PDF"))
    assert found.sentence == (
        "3 files taken from folders (.xml.gz 1, .txt 1, .pdf 1); 2 others left out (no suffix 1, .md 1)"
    )


def test_files_that_are_named_are_taken_as_they_are(folder):
    found = find_reports(["in/notes.md", "nothing.txt"])
    assert (found.files, found.folders.total()) == (("in/notes.md", "nothing.txt"), 0)


def test_folder_without_reports_is_told(folder):
    with pytest.raises(InputError, match=r"^list: no reports in this folder; expected files with \.txt, \.xml, \.pdf"):
        find_reports(["in", "list"])


def test_list_of_files(tmp_path, monkeypatch):
    (tmp_path / "list").write_bytes("\ufeffa b.txt\r\n\n  \né.txt\nin".encode())
    assert listed(str(tmp_path / "list")) == ["a b.txt", "é.txt", "in"]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"a.txt\nb\xff.txt\n")))
    assert listed("-") == ["a.txt", os.fsdecode(b"b\xff.txt")]


@pytest.mark.parametrize(("content", "why"), [(b"", "no file is named"), (b"\n \n", "no file is"), (b"a\0b", "binary")])
def test_list_that_is_none(tmp_path, content, why):
    (tmp_path / "list").write_bytes(content)
    with pytest.raises(InputError, match=rf"list: .*{why}.*; expected the names of files, a line each"):
        listed(str(tmp_path / "list"))
    with pytest.raises(InputError, match=r"nothing: cannot be read \(No such file"):
        listed(str(tmp_path / "nothing"))
