"""Serve a small language model and ask it about a few turns of the fictional parliament, beside two controls.

This is what `make llm-demo` runs: it shows each step of docs/llm.md without a server of one's own. The model is far too
small to be good.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import llm_server

ROWS = 24
SETTINGS = (
    "corpus=fictional", "split=random_by_group", "split.unit=debate", f"limit_rows={ROWS}", "name=llm-demo",
    "evaluation.test=[]", "save_model=false", "evaluation.resamples=200",
)  # fmt: skip
ASKED = ("model.concurrency=1", "model.timeout=600", "model.max_words=120", "model.calibration_rows=12")


def main() -> None:
    """Serve, print a prompt, count, ask, and show that a second run asks nothing."""
    why = llm_server.why_not()
    if why is not None:
        raise SystemExit(why)
    command = [sys.executable, str(Path(llm_server.__file__)), "--port", "0", "--context", "4096"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert server.stdout is not None
        address = next((line.strip() for line in server.stdout if line.startswith("http")), None)
        if address is None:
            raise SystemExit("the server did not start; run python tools/llm_server.py to see why")
        asked = ("model=llm", f"model.base_url={address}", *ASKED)
        report = "src/standpunt/data/corpora/fictional/2031-03-04-luchtverdediging/report.txt"
        standpunt("llm", "show", "no_fly_zone", report, "--turn", "4")
        standpunt("run", "experiments/baselines", *SETTINGS, *asked, "hydra.mode=RUN", "--dry-run")
        for _ in range(2):  # the second one asks nothing
            standpunt("run", "experiments/baselines", *SETTINGS, *asked, "hydra.mode=RUN")
        standpunt("run", "experiments/baselines", *SETTINGS, "-m", "model=majority,tfidf")
    finally:
        server.terminate()
        server.wait()


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
    main()
