"""One process at a time in a folder; a killed one leaves nothing behind that keeps others out."""

import subprocess
import sys

import pytest

from standpunt.errors import InputError, StandpuntError
from standpunt.storage.locks import LOCK, claimed

HOLD = """
import sys, time
from pathlib import Path
from standpunt.storage.locks import claimed
with claimed(Path(sys.argv[1]), ""):
    print("mine", flush=True)
    time.sleep(60)
"""


def test_other_processes_are_kept_out_until_the_holder_ends(tmp_path):
    folder = tmp_path / "new" / "sweep"
    holder = subprocess.Popen([sys.executable, "-c", HOLD, folder], stdout=subprocess.PIPE, encoding="utf-8")
    assert holder.stdout.readline() == "mine\n"
    with (
        pytest.raises(StandpuntError, match=r"sweep: another process is at work there; wait until"),
        claimed(folder, ""),
    ):
        pass
    holder.kill()
    holder.communicate()
    with claimed(folder, ""):
        assert (folder / LOCK).exists()
    with claimed(folder, ""):
        pass


def test_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    said = pytest.raises(InputError, match=r"file/sweep: cannot be used as a folder \(.+\); name another")
    with said, claimed(tmp_path / "file" / "sweep", "name another"):
        pass
