"""`standpunt` in forks of one process that has imported what it needs, so that a call costs what it does and no more.

Each call is a process all the same: folder, environment, output and exit code are its own. What the interpreter reads
when it starts (PYTHONPATH, PYTHONIOENCODING), and when something is imported, only the installed program shows.
"""

import os
import subprocess
import sys
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

IMPORTED = [
    "datasets",
    "hydra.compose",
    "matplotlib.backends.backend_svg",
    "matplotlib.figure",
    "pyarrow.dataset",
    "skops.io",
    "standpunt.cli.main",
    "standpunt.cli.run_progress",
    "standpunt.experiment.search",
    "standpunt.experiment.sweep",
    "standpunt.models.combined.detector",
    "standpunt.models.finetuned.network",
    "standpunt.page.build",
    "standpunt.prediction.files",
    "standpunt.results.summary",
]


def run_command(arguments, folder, environment, seconds=300):
    """Run `standpunt` in a folder; return what `subprocess.run` would."""
    context = get_context("forkserver")
    context.set_forkserver_preload(IMPORTED)
    with TemporaryDirectory() as outputs:
        process = context.Process(target=_main, args=(arguments, folder, environment, outputs))
        process.start()
        process.join(seconds)
        if process.is_alive():
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(arguments, seconds)
        stdout, stderr = (Path(outputs, name).read_text(encoding="utf-8") for name in ("stdout", "stderr"))
    return subprocess.CompletedProcess(arguments, process.exitcode, stdout, stderr)


def _main(arguments, folder, environment, outputs):
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for number, path, mode in (
        (0, os.devnull, os.O_RDONLY),
        (1, f"{outputs}/stdout", os.O_WRONLY | os.O_CREAT),
        (2, f"{outputs}/stderr", os.O_WRONLY | os.O_CREAT),
    ):
        os.dup2(os.open(path, mode), number)
    from standpunt.cli.main import main

    sys.argv = ["standpunt", *arguments]
    main()
