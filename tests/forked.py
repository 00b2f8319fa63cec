"""Processes that are forked from one that has imported what they need, so that each costs what it does and no more.

They are processes all the same: folder, environment, output, exit code and end by a signal are their own. What the
interpreter reads when it starts (PYTHONPATH, PYTHONIOENCODING), and what is imported when, they do not show.
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


def run_forked(function, arguments, folder, environment, seconds=300):
    """Call a function of a module in a process of its own; return what `subprocess.run` would."""
    context = get_context("forkserver")
    context.set_forkserver_preload(IMPORTED)
    with TemporaryDirectory() as outputs:
        process = context.Process(target=_call, args=(function, arguments, folder, environment, outputs))
        process.start()
        process.join(seconds)
        if process.is_alive():
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired([function.__name__, *arguments], seconds)
        stdout, stderr = (Path(outputs, name).read_text("utf-8") for name in ("stdout", "stderr"))
    return subprocess.CompletedProcess(arguments, process.exitcode, stdout, stderr)


def run_standpunt(arguments, folder, environment):
    """Run `standpunt` with these arguments in a folder."""
    return run_forked(_standpunt, arguments, folder, environment)


def _standpunt(*arguments):
    from standpunt.cli.main import main

    sys.argv = ["standpunt", *arguments]
    main()


def _call(function, arguments, folder, environment, outputs):
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    writing = os.O_WRONLY | os.O_CREAT
    places = ((os.devnull, os.O_RDONLY), (f"{outputs}/stdout", writing), (f"{outputs}/stderr", writing))
    for number, (path, mode) in enumerate(places):
        os.dup2(os.open(path, mode), number)
    function(*arguments)
