"""The Hugging Face hub, or another server with its interface (HF_ENDPOINT): what is there, and to and from folders."""

from __future__ import annotations

import re
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from standpunt.errors import InputError, StandpuntError

_PATIENCE = 5  # seconds for the hub to answer; its own client tries for most of a minute
_ID = re.compile(r"\w[\w.-]*/\w[\w.-]*(@[\w./-]+)?")  # OWNER/NAME, and with @ a branch, a tag or a commit


def is_hub_id(name: str) -> bool:
    """Tell whether a name can be the id of a repository: OWNER/NAME or OWNER/NAME@REVISION, and no folder here."""
    return _ID.fullmatch(name) is not None and not Path(name).parent.is_dir()


def keeps(repository: str, *files: str) -> bool:
    """Tell whether the hub's client has files of a repository in its own cache."""
    from huggingface_hub import try_to_load_from_cache

    return all(isinstance(try_to_load_from_cache(repository, file), str) for file in files)


def refusal(repository: str, file: str | None = None, revision: str | None = None) -> str | None:
    """Return why the hub does not give a repository, or a file of it; None where it does.

    Args:
        repository: its id.
        file: one that it must have; without one, the repository must be there.
        revision: of the repository.
    """
    import requests
    from huggingface_hub import constants, hf_hub_url
    from huggingface_hub.utils import build_hf_headers

    if constants.HF_HUB_OFFLINE:
        return "the hub is not asked (HF_HUB_OFFLINE)"
    if file is None:
        url = f"{constants.ENDPOINT}/api/models/{repository}/revision/{revision or constants.DEFAULT_REVISION}"
    else:
        url = hf_hub_url(repository, file, revision=revision)
    try:
        ask = requests.get if file is None else requests.head
        answer = ask(url, headers=build_hf_headers(), timeout=_PATIENCE, allow_redirects=True)
    except requests.RequestException:
        return f"the hub ({constants.ENDPOINT}) cannot be reached"
    if answer.headers.get("X-Error-Code") == "GatedRepo":
        return f"the hub asks for its licence to be accepted ({answer.status_code})"
    if answer.status_code in (401, 403):
        return f"the hub asks for a token, or has no such repository ({answer.status_code})"
    return None if answer.ok else f"the hub answers {answer.status_code}"


def downloaded(name: str) -> Path:
    """Return the folder, in the cache of the hub's client, with the files of a repository.

    What is there already is not fetched again; without a network, what was fetched before is taken.

    Args:
        name: OWNER/NAME or OWNER/NAME@REVISION.

    Raises:
        InputError: the hub does not give it; the message says why, and not of what.
    """
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    repository, _, revision = name.partition("@")
    reason = refusal(repository, revision=revision or None)
    try:
        with _quiet_elsewhere():
            return Path(snapshot_download(repository, revision=revision or None, local_files_only=reason is not None))
    except LocalEntryNotFoundError:
        raise InputError(reason or "the hub broke off; try again") from None
    except (HfHubHTTPError, OSError) as error:
        raise InputError(f"the hub did not give it ({_first_line(error)}); try again") from None


def upload(folder: Path, repository: str, *, private: bool, token: str | None, message: str) -> str:
    """Put the files of a folder into a repository, which is made where there is none; return where they are seen.

    Raises:
        InputError: the id cannot be one, or the hub does not allow it.
        StandpuntError: the hub cannot be reached.
    """
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalTokenNotFoundError

    if _ID.fullmatch(repository) is None or "@" in repository:
        raise InputError(f"{repository!r} is no id of a repository; expected OWNER/NAME")
    api = HfApi(token=token, library_name="standpunt")
    try:
        api.create_repo(repository, private=private, exist_ok=True)
        with _quiet_elsewhere():
            return str(api.upload_folder(repo_id=repository, folder_path=folder, commit_message=message))
    except LocalTokenNotFoundError:
        raise InputError(f"{repository}: the hub asks for a token; log in with `hf auth login`, or give one") from None
    except HFValidationError as error:
        raise InputError(f"{repository}: {_first_line(error)}") from None
    except HfHubHTTPError as error:
        status = error.response.status_code
        advice = "log in with `hf auth login`, or give a token that may write" if status in (401, 403) else "try again"
        raise InputError(f"{repository}: the hub answers {status} ({_first_line(error)}); {advice}") from None
    except Exception as error:  # whatever the client's own libraries raise where nobody answers
        raise StandpuntError(f"{repository}: cannot be put on the hub {api.endpoint} ({_first_line(error)})") from error


@contextmanager
def _quiet_elsewhere() -> Generator[None]:
    """Show the bars of the hub's client on a terminal only."""
    from huggingface_hub.utils import are_progress_bars_disabled, disable_progress_bars, enable_progress_bars

    if sys.stderr.isatty() or are_progress_bars_disabled():
        yield
        return
    disable_progress_bars()
    try:
        yield
    finally:
        enable_progress_bars()


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
