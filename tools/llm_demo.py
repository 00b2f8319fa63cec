"""Serve a small language model and ask it about a few turns of the fictional parliament, beside two other models.

This is what `make llm-demo` runs: it shows each step of docs/llm.md without a server of one's own. The model is far too
small to be good, and eight turns are far too few to tell.
"""

from __future__ import annotations

import subprocess
import sys

import llm_server
from standpunt.processes import TerminatedError, end_as_interrupted

TESTED, CALIBRATED = 8, 4  # questions: a busy core needs some ten seconds for one
SETTINGS = (
    "corpus=fictional", "split=random_by_group", "split.unit=debate", "limit_folds=1", "name=llm-demo",
    f"evaluation.limit_rows={TESTED}", "evaluation.test=[]", "evaluation.resamples=200", "save_model=false",
)  # fmt: skip
ASKED = (
    "model.concurrency=1", "model.timeout=600", "model.max_words=80", "model.quotation=false",
    f"model.calibration_rows={CALIBRATED}",
)  # fmt: skip


def main() -> None:
    """Serve, print a prompt, count, ask, and show that a second run asks nothing."""
    why = llm_server.why_not()
    if why is not None:
        raise SystemExit(why)
    end_as_interrupted()  # told to end, it ends the server too
    with llm_server.served("--context", "4096", "--threads", "1") as address:
        asked = ("model=llm", f"model.base_url={address}", *ASKED)
        report = "src/standpunt/data/corpora/fictional/2031-03-04-luchtverdediging/report.txt"
        standpunt("llm", "show", "no_fly_zone", report, "--turn", "6")
        standpunt("run", "experiments/baselines", *SETTINGS, *asked, "hydra.mode=RUN", "--dry-run")
        for _ in range(2):  # the second one asks nothing
            standpunt("run", "experiments/baselines", *SETTINGS, *asked, "hydra.mode=RUN")
        standpunt("run", "experiments/baselines", *SETTINGS, "-m", "model=majority,tfidf")


def standpunt(*arguments: str) -> None:
    """Run a command of the package, after saying which.

    Raises:
        SystemExit: it failed.
    """
    print(f"\n$ standpunt {' '.join(arguments)}", flush=True)
    done = subprocess.run([sys.executable, "-m", "standpunt", *arguments], check=False)
    if done.returncode:
        raise SystemExit(done.returncode)


if __name__ == "__main__":
    try:
        main()
    except TerminatedError as told:
        sys.exit(told.exit_code)
