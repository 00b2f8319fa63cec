"""A GPU for each job of a sweep that runs on one machine."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from filelock import BaseFileLock, FileLock

VISIBLE = "CUDA_VISIBLE_DEVICES"
_claimed: BaseFileLock | None = None  # the lock is held until this process ends


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
        lock = FileLock(folder / f"gpu-{gpu}.lock")
        try:
            lock.acquire(blocking=False)
        except OSError:  # of which a lock that another process holds is one
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
