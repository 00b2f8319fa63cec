"""A GPU for each process: by locks that end with the process."""

import os
import subprocess
import sys

import pytest

from standpunt.experiment.gpus import visible_gpus

CLAIM = (
    "import sys; from pathlib import Path; from standpunt.experiment.gpus import claim_gpu; "
    "print(claim_gpu(Path(sys.argv[1])))"
)


def claim(folder, visible, hold=False):
    """Claim a GPU in a process of its own, which goes on living where `hold` is set."""
    code = CLAIM + "; sys.stdout.flush(); sys.stdin.read()" if hold else CLAIM
    env = {"CUDA_VISIBLE_DEVICES": visible, "PATH": ""}
    process = subprocess.Popen(
        [sys.executable, "-c", code, folder], env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    return process, process.stdout.readline().strip()


def end(*processes):
    for process in processes:
        process.stdin.close()
        process.stdout.close()
        process.wait(timeout=30)


def test_each_living_process_has_its_own_and_a_dead_ones_is_free_again(tmp_path):
    first, one = claim(tmp_path, "4,7", hold=True)
    second, two = claim(tmp_path, "4,7", hold=True)
    third, shared = claim(tmp_path, "4,7")
    assert (one, two) == ("4", "7")
    assert shared in ("4", "7")
    first.kill()
    first.wait(timeout=30)
    fourth, free = claim(tmp_path, "4,7")
    assert free == "4"
    end(first, second, third, fourth)


def test_sweeps_start_where_there_is_no_fcntl(tmp_path):
    code = "import sys; sys.modules['fcntl'] = None; import standpunt.experiment.sweep; " + CLAIM
    env = {**os.environ, "CUDA_VISIBLE_DEVICES": "4,7"}
    done = subprocess.run([sys.executable, "-c", code, tmp_path], env=env, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "4", done.stderr


@pytest.mark.parametrize("visible", ["", "3", "-1"])
def test_with_fewer_than_two_nothing_is_claimed(tmp_path, visible):
    process, claimed = claim(tmp_path / "locks", visible)
    end(process)
    assert claimed == "None"
    assert not (tmp_path / "locks").exists()


@pytest.mark.parametrize(
    ("visible", "gpus"), [("0,1", ["0", "1"]), ("GPU-a, GPU-b", ["GPU-a", "GPU-b"]), ("", []), ("-1", [])]
)
def test_gpus_are_those_the_environment_names(monkeypatch, visible, gpus):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    assert visible_gpus() == gpus


def test_gpus_are_those_of_the_machine_where_the_environment_names_none(monkeypatch, tmp_path):
    program = tmp_path / "nvidia-smi"
    program.write_text("#!/bin/sh\necho 'GPU 0: one'\necho 'GPU 1: two'\n")
    program.chmod(0o700)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    assert visible_gpus() == ["0", "1"]
    program.unlink()
    assert visible_gpus() == []
