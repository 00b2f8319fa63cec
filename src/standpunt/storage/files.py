"""Writing files so that nothing is ever half there."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from standpunt.errors import InputError, StandpuntError

_OS_ERROR = re.compile(r"\(os error (\d+)\)$")


@contextmanager
def atomic_path(path: str | os.PathLike[str]) -> Generator[Path]:
    """Give a temporary path beside `path` to write to, and put it in place only if the block succeeds.

    Raises:
        InputError: the folder of `path` does not exist or is not a folder.
        StandpuntError: writing failed (disk full, no permission); the temporary file is removed.
    """
    target = Path(os.path.realpath(path) if os.path.islink(path) else path)  # a link stays one
    if not target.parent.is_dir():
        raise InputError(f"{target}: the folder {target.parent} does not exist; make it first or name another file")
    # Named before it is there, so that no signal comes between its making and the knowledge of what to remove.
    temporary = target.with_name(f".{target.name[:40]}.{secrets.token_hex(8)}{target.suffix}")
    try:
        temporary.touch(0o600, exist_ok=False)
        yield temporary
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(target)
    except OSError as error:
        raise StandpuntError(f"{target}: cannot be written ({error.strerror or error}); nothing was changed") from error
    finally:
        temporary.unlink(missing_ok=True)


def write_text(path: str | os.PathLike[str], text: str) -> None:
    """Write a text file in one step (UTF-8); see `atomic_path` for the errors."""
    with atomic_path(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's content, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def atomic_folder(folder: str | os.PathLike[str]) -> Generator[Path]:
    """Give a temporary folder beside `folder` to fill, and put it in place only if the block succeeds.

    Raises:
        InputError: `folder` exists and is not empty.
        StandpuntError: writing failed; the temporary folder is removed.
    """
    target = Path(folder)
    # Named before it is there, as in `atomic_path`.
    temporary = target.parent / f".{target.name}.{secrets.token_hex(8)}"
    try:
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            temporary.mkdir()
        except OSError as error:
            raise StandpuntError(f"{target}: cannot be made ({error.strerror or error})") from error
        yield temporary
        _open_up(temporary)
        temporary.rename(target)  # onto nothing or an empty folder; never over something
    except Exception as error:
        reason = _reason(error)
        if reason is None:
            raise
        if target.is_dir() and any(target.iterdir()):
            raise InputError(f"{target}: exists already; choose a new folder") from error
        raise StandpuntError(f"{target}: cannot be written ({reason}); nothing was left") from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _open_up(folder: Path) -> None:
    """Let those read a folder's files who may read other new files; safetensors lets only their owner."""
    usual = 0o666 & ~_umask()
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            path.chmod(path.stat().st_mode | usual)


def _umask() -> int:
    """Return what new files and folders are not allowed; temporary ones are private."""
    umask = os.umask(0)
    os.umask(umask)
    return umask


def _reason(error: Exception) -> str | None:
    """Return why the system refused to write; None for any other error."""
    if isinstance(error, OSError):
        return error.strerror or str(error)
    # Libraries written in Rust (safetensors, tokenizers) have exceptions of their own for it.
    code = _OS_ERROR.search(str(error))
    return os.strerror(int(code[1])) if code else None
