import hashlib
import os
import stat
from pathlib import Path

import pytest

from standpunt.errors import InputError, StandpuntError
from standpunt.storage.files import atomic_folder, atomic_path, sha256_of, write_text


def test_file_is_put_in_place_when_the_block_succeeds(tmp_path):
    target = tmp_path / "tabel.csv"
    with atomic_path(target) as temporary:
        assert temporary.parent == tmp_path
        assert temporary.suffix == ".csv"
        temporary.write_text("a,b\n")
        assert not target.exists()
    assert target.read_text() == "a,b\n"
    assert list(tmp_path.iterdir()) == [target]
    assert stat.S_IMODE(target.stat().st_mode) & 0o600 == 0o600


def test_link_stays_a_link(tmp_path):
    (tmp_path / "far").mkdir()
    (tmp_path / "tabel.csv").symlink_to(tmp_path / "far" / "echt.csv")
    for text in ("een", "twee"):
        write_text(tmp_path / "tabel.csv", text)
        assert (tmp_path / "far" / "echt.csv").read_text() == text
    assert (tmp_path / "tabel.csv").is_symlink()


def test_mode_is_that_of_any_other_new_file(tmp_path):
    old = os.umask(0o027)
    try:
        write_text(tmp_path / "tabel.csv", "")
        with atomic_folder(tmp_path / "map") as folder:
            (folder / "gewichten").mkdir()
            (folder / "gewichten" / "eigen.bin").touch(0o600)  # as some libraries write theirs
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "tabel.csv").stat().st_mode) == 0o640
    assert stat.S_IMODE((tmp_path / "map").stat().st_mode) == 0o750
    assert stat.S_IMODE((tmp_path / "map" / "gewichten" / "eigen.bin").stat().st_mode) == 0o640


@pytest.mark.parametrize(
    ("raised", "expected"),
    [(ValueError, ValueError), (KeyboardInterrupt, KeyboardInterrupt), (OSError, StandpuntError)],
)
def test_nothing_is_left_or_changed_on_failure(tmp_path, raised, expected):
    target = tmp_path / "tabel.csv"
    target.write_text("oud")

    def write_half():
        with atomic_path(target) as temporary:
            temporary.write_text("half")
            raise raised

    with pytest.raises(expected):
        write_half()
    assert target.read_text() == "oud"
    assert list(tmp_path.iterdir()) == [target]


def test_failed_write_is_an_error_of_the_package(tmp_path):
    target = tmp_path / "tabel.csv"
    with pytest.raises(StandpuntError, match="No space left on device") as caught, atomic_path(target):
        raise OSError(28, "No space left on device")
    assert str(target) in str(caught.value)
    assert not isinstance(caught.value, InputError)
    assert caught.value.exit_code == 1
    assert list(tmp_path.iterdir()) == []


def test_target_that_is_a_folder_is_an_error_of_the_package(tmp_path):
    (tmp_path / "tabel.csv").mkdir()
    with pytest.raises(StandpuntError):
        write_text(tmp_path / "tabel.csv", "a")
    assert [path.name for path in tmp_path.iterdir()] == ["tabel.csv"]


@pytest.mark.parametrize("above", ["weg", "bestand"])
def test_missing_folder_is_the_users_error(tmp_path, above):
    (tmp_path / "bestand").write_text("")
    with pytest.raises(InputError, match=above) as caught, atomic_path(tmp_path / above / "tabel.csv"):
        pytest.fail("the block must not run")
    assert caught.value.exit_code == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full to stand in for a full disk")
def test_folder_without_room_leaves_nothing(tmp_path):
    def fill_half():
        with atomic_folder(tmp_path / "run") as temporary:
            (temporary / "a.txt").write_text("half")
            Path("/dev/full").write_text("x" * 100_000)

    with pytest.raises(StandpuntError):
        fill_half()
    assert list(tmp_path.iterdir()) == []


def test_folder_is_put_in_place_whole(tmp_path):
    with atomic_folder(tmp_path / "model") as temporary:
        (temporary / "a.txt").write_text("a")
        assert not (tmp_path / "model").exists()
    assert [path.name for path in (tmp_path / "model").iterdir()] == ["a.txt"]
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


def test_full_folder_is_never_written_over(tmp_path):
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "oud.txt").write_text("oud")
    with pytest.raises(InputError, match="exists already"), atomic_folder(tmp_path / "model") as temporary:
        (temporary / "a.txt").write_text("a")
    assert [path.name for path in tmp_path.rglob("*")] == ["model", "oud.txt"]


def test_sha256_is_that_of_the_content(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"brug")
    assert sha256_of(tmp_path / "a.txt") == hashlib.sha256(b"brug").hexdigest()
