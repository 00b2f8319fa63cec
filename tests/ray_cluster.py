"""A Ray cluster of the tests' own."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

RAY = Path(sys.executable).parent / "ray"


@contextmanager
def started():
    """Start a cluster of the test's own and return the environment in which it is found; stop it afterwards."""
    if not RAY.is_file():
        pytest.skip("Ray is not installed")
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
    folder = tempfile.mkdtemp(prefix="ray", dir="/tmp")  # short: sockets lie in it
    token = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
    found = token | {"RAY_ADDRESS": address, "RAY_USAGE_STATS_ENABLED": "0"}
    command = [RAY, "start", "--head", "--block", "--num-cpus=2", f"--port={address.partition(':')[2]}"]
    command += ["--node-ip-address=127.0.0.1", "--include-dashboard=false", f"--temp-dir={folder}"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder, "start_new_session": True}
    head = subprocess.Popen(command, env={**os.environ, **found, "RAY_ADDRESS": ""}, **quiet)
    try:
        deadline = time.monotonic() + 90
        while subprocess.run([RAY, "status"], env=os.environ | found, capture_output=True).returncode:
            if head.poll() is not None or time.monotonic() > deadline:
                pytest.skip("`ray start --head` does not start here")
            time.sleep(0.5)
        yield found
    finally:
        head.terminate()
        try:
            head.wait(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(head.pid, signal.SIGKILL)
            head.wait()
        shutil.rmtree(folder, ignore_errors=True)
