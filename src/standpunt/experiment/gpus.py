"""A GPU for each job of a sweep that runs on one machine."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from pathlib import Path
from typing import IO

VISIBLE = "CUDA_VISIBLE_DEVICES"
_claimed: IO[str] | None = None  # held open, and with it the lock, until this process ends


def claim_gpu(folder: Path) -> str | None:
    """Give this process one of the machine's GPUs for as long as it lives, before CUDA is used.

    Who holds which is told by locks on files in `folder`, which the system releases when a process ends, however it
    ends. Processes beyond the number of GPUs share them.

    Args:
        folder: shared by the jobs of a sweep; made where it is missing.

    Returns:
        The GPU, as in CUDA_VISIBLE_DEVICES, which is set to it; None where there are fewer than two to choose from.
    """
    global _claimed
    if _claimed is not None:
        return os.environ.get(VISIBLE)
    gpus = visible_gpus()
    if len(gpus) < 2:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    for gpu in gpus:
        lock = (folder / f"gpu-{gpu}.lock").open("w", encoding="utf-8")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            continue
        _claimed = lock
        os.environ[VISIBLE] = gpu
        return gpu
    os.environ[VISIBLE] = shared = gpus[os.getpid() % len(gpus)]
    return shared


def visible_gpus() -> list[str]:
    """Return the GPUs that this process may use, as in CUDA_VISIBLE_DEVICES; no CUDA is started for it."""
    named = os.environ.get(VISIBLE)
    if named is not None:
        return [gpu.strip() for gpu in named.split(",") if gpu.strip() not in ("", "-1")]
    if shutil.which("nvidia-smi") is None:
        return []
    done = subprocess.run(["nvidia-smi", "-L"], capture_output=True, text=True, timeout=30, check=False)
    return [str(number) for number, line in enumerate(done.stdout.splitlines()) if line.startswith("GPU ")]
