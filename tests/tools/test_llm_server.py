"""The tool that serves a small language model: a server ends with the program that it was started for."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ended import is_running, wait_until

tool = pytest.importorskip("llm_server", reason="the folder tools is not in a source distribution")
pytestmark = pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks at /proc")

# In the place of the package that serves: what is tested is when a server ends.
STAND_IN = """
import os

class _Settings:
    def __getattr__(self, name):
        self.__dict__[name] = _Settings()
        return self.__dict__[name]

CommonParams = _Settings

class Server:
    def __init__(self, parameters):
        self.listening_address = f"http://{os.getpid()}"
"""
PROGRAM = """
import sys, time
import llm_server
from standpunt.processes import end_as_interrupted

end_as_interrupted()
with llm_server.served("--model", sys.argv[1]) as address:
    print(address, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def program(tmp_path):
    """A program that has a server, and the server's process."""
    (tmp_path / "xllamacpp.py").write_text(STAND_IN)
    (tmp_path / "model.gguf").write_bytes(b"")
    path = os.pathsep.join([str(tmp_path), *sys.path])
    command = [sys.executable, "-c", PROGRAM, str(tmp_path / "model.gguf")]
    with subprocess.Popen(
        command, env={**os.environ, "PYTHONPATH": path}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as running:
        yield running, int(running.stdout.readline().removeprefix("http://").removesuffix("/v1\n"))
        running.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_server_ends_with_the_program_that_it_is_for(program, number):
    running, server = program
    assert is_running(server)
    running.send_signal(number)
    assert wait_until(lambda: not is_running(server))
