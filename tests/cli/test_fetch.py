"""`standpunt fetch tk`: what it prints and writes, what it asks, and what it says where it cannot."""

import signal
import subprocess
import sys
import time
from pathlib import Path
from resource import RLIMIT_FSIZE, setrlimit

import pytest
from click.testing import CliRunner

sys.path.append(str(Path(__file__).resolve().parents[1] / "sources"))

from fake_tk import COMMITTEE_REPORT, FINAL, OLD_FINAL, FakeTK, Time, content, send, status, vlos

from standpunt.cli import fetch as module
from standpunt.cli.fetch import fetch
from standpunt.sources.http import Client
from terminal import terminal, words

pytestmark = pytest.mark.slow  # whole commands, experiments or readings

DAY = "2014-03-04"
CHUNK = 1 << 14
# The command as a user starts it, whether or not `main` has registered `fetch` already.
PROGRAM = """
from standpunt.cli.main import cli, main
from standpunt.cli.fetch import fetch
cli.add_command(fetch)
main()
"""


@pytest.fixture
def service(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    fake = FakeTK()
    monkeypatch.setenv("STANDPUNT_TK_URL", fake.url)
    yield fake
    fake.close()


@pytest.fixture
def run(monkeypatch, tmp_path):
    """Return a function that runs the command in this process, without waiting."""
    clock = Time()
    monkeypatch.setattr(module, "make_client", lambda: Client(sleep=clock.sleep, clock=clock.clock))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(fetch, ["tk", *map(str, arguments)])


@pytest.fixture
def start(service, tmp_path):
    """Return a function that starts the command as a process of its own."""

    def popen(*arguments, **options):
        command = [sys.executable, "-c", PROGRAM, "fetch", "tk", *map(str, arguments)]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL}
        return subprocess.Popen(command, cwd=tmp_path, encoding="utf-8", **pipes | options)

    return popen


def listing(folder):
    return sorted(path.name for path in folder.iterdir())


def refusal(done, code, *mentions):
    """Hold what the command raised, or said itself of its options, against what a user may expect."""
    message = f"{done.exception} {done.stderr}"
    assert getattr(done.exception, "exit_code", done.exit_code) == code
    assert [word for word in mentions if word not in message] == []
    assert "\n" not in str(done.exception)


def test_the_reports_of_a_day(run, service, tmp_path):
    done = run("--date", DAY, "--out", "reports")
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [f"reports/{FINAL}.xml", f"reports/{COMMITTEE_REPORT}.xml"]
    assert done.stderr == ""
    assert (tmp_path / "reports" / f"{FINAL}.xml").read_bytes() == vlos(FINAL)
    assert len(listing(tmp_path / "reports")) == 4


def test_a_second_call_asks_for_no_report(run, service):
    first = run("--date", DAY, "--out", "reports")
    assert service.counts()["Verslag"] == 2
    second = run("--date", DAY, "--out", "reports")
    assert second.stdout == first.stdout
    assert service.counts()["Verslag"] == 2


def test_a_report_by_its_id_is_asked_for_once(run, service):
    for _ in range(2):
        assert run("--report", FINAL.upper(), "--out", ".").stdout == f"{FINAL}.xml\n"
    assert len(service.asked) == 1


def test_a_report_that_is_there_needs_no_service(run, service):
    run("--report", FINAL)
    service.close()
    assert run("--report", FINAL).exit_code == 0


def test_changed_bytes_are_noticed(run, service, tmp_path):
    run("--report", FINAL, "--out", ".")
    (tmp_path / f"{FINAL}.xml").write_bytes(b"<spoiled/>")
    run("--report", FINAL, "--out", ".")
    assert (tmp_path / f"{FINAL}.xml").read_bytes() == vlos(FINAL)
    assert len(service.asked) == 2


def test_the_cache_of_the_user_is_the_folder_by_default(run, service, tmp_path):
    done = run("--report", FINAL)
    assert done.stdout == f"{tmp_path}/cache/standpunt/tk/{FINAL}.xml\n"


def test_one_debate(run, service):
    assert run("--date", DAY, "--debate", "lange meer", "--out", ".").stdout == f"{COMMITTEE_REPORT}.xml\n"


def test_the_option_goes_before_the_variable(run, service, monkeypatch):
    monkeypatch.setenv("STANDPUNT_TK_URL", "http://127.0.0.1:9/")
    assert run("--report", FINAL, "--out", ".", "--base-url", f"{service.url}/").exit_code == 0


def test_votes(run, service, tmp_path):
    done = run("--date", DAY, "--debate", "bruggen", "--votes", "--out", "reports")
    assert done.stdout.splitlines() == [f"reports/{FINAL}.xml", f"reports/votes-{DAY}.jsonl"]
    lines = (tmp_path / "reports" / f"votes-{DAY}.jsonl").read_text("utf-8").splitlines()
    assert len(lines) == 5
    assert '"dossier": "37000", "number": 5' in lines[2]
    done = run("--report", FINAL, "--votes", "--out", "other")
    assert done.stdout.splitlines()[1] == f"other/votes-{DAY}.jsonl"


def test_no_debate_of_that_title(run, service, tmp_path):
    done = run("--date", DAY, "--debate", "kaas", "--out", "reports")
    refusal(done, 2, "kaas", "Debat over de Oekraïense bruggen", "Waterstand in het Lange Meer")
    assert listing(tmp_path) == []


def test_no_sitting_that_day(run, service):
    refusal(run("--date", "2014-03-05"), 2, "2014-03-05", "2014-03-04", "2014-03-06")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--date", DAY, "--report", FINAL],
        ["--report", FINAL, "--debate", "x"],
        ["--date", "4 maart"],
        ["--date", "0001-01-01"],
        ["--report", "x"],
        ["--report", FINAL, "--base-url", "tweedekamer"],
    ],
)
def test_wrong_options_ask_nothing(run, service, arguments):
    refusal(run(*arguments), 2)
    assert service.asked == []


def test_a_report_that_does_not_exist(run, service):
    refusal(run("--report", "99999999-0000-4000-8000-000000000000"), 2, "99999999", "--date")


def test_a_service_that_is_down(run, service):
    service.close()
    refusal(run("--date", DAY), 1, "cannot be reached", "check the network")


def test_a_service_that_fails(run, service):
    service.fail(status(500), times=99)
    refusal(run("--date", DAY), 1, "500", "try again later")


def test_a_service_under_maintenance(run, service):
    service.fail(content(b"<html>", "text/html"))
    refusal(run("--date", DAY), 1, "text/html", "maintenance")


def test_a_lost_report_keeps_no_other_from_being_fetched(run, service):
    for name in (FINAL, OLD_FINAL):
        del service.resources[name]
    service.entities["Vergadering"][0]["Verslag"] = service.entities["Vergadering"][0]["Verslag"][1:3]
    done = run("--date", DAY, "--out", ".")
    assert done.exit_code == 0
    assert done.stdout == f"{COMMITTEE_REPORT}.xml\n"
    assert "60e vergadering" in done.stderr
    del service.resources[COMMITTEE_REPORT]
    refusal(run("--date", DAY, "--out", "other"), 1, "60e vergadering")


def test_what_came_before_a_failure_is_printed_and_kept(run, service):
    service.fail(status(500), times=99, match=COMMITTEE_REPORT)
    done = run("--date", DAY, "--out", ".")
    refusal(done, 1, "kept")
    assert done.stdout == f"{FINAL}.xml\n"
    service._faults.clear()
    assert run("--date", DAY, "--out", ".").exit_code == 0
    assert service.paths()[-1].endswith(f"({COMMITTEE_REPORT})/resource")


def test_a_folder_that_cannot_be_made(run, service, tmp_path):
    (tmp_path / "file").write_text("")
    refusal(run("--report", FINAL, "--out", "file"), 1, "cannot be written")


def test_the_command_is_quiet_in_a_log(start):
    done = start("--date", DAY, "--out", "reports")
    stdout, stderr = done.communicate(timeout=60)
    assert (done.returncode, stderr) == (0, "")
    assert stdout.split() == [f"reports/{FINAL}.xml", f"reports/{COMMITTEE_REPORT}.xml"]


def test_the_command_says_on_a_terminal_what_it_does(start):
    with terminal() as screen:
        done = start("--date", DAY, "--debate", "bruggen", "--out", "reports", stderr=screen.theirs)
        said = words(screen.shown())
        stdout, _ = done.communicate(timeout=60)
    assert said.index(f"sittings of {DAY}") < said.index("60e vergadering, dinsdag 4 maart 2014: Eindpublicatie,")
    assert stdout == f"reports/{FINAL}.xml\n"


@pytest.mark.parametrize(
    ("arguments", "code", "mention"),
    [
        (["--date", DAY, "--debate", "kaas"], 2, "kaas"),
        (["--report", "x"], 2, "not an id"),
        ([], 2, "--date"),
    ],
)
def test_a_mistake_is_one_sentence(start, arguments, code, mention):
    done = start(*arguments, "--out", "reports")
    stdout, stderr = done.communicate(timeout=60)
    assert (done.returncode, stdout) == (code, "")
    assert len(stderr.splitlines()) == 1
    assert stderr.startswith("standpunt: ")
    assert mention in stderr


@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGINT])
def test_a_kill_in_the_middle_leaves_no_half_file(start, run, service, tmp_path, blow):
    folder = tmp_path / "reports"
    begun = []

    def stall(handler):
        body = service.resources[FINAL]
        handler.send_response(200)
        for name, value in (("Content-Type", "text/xml"), ("Content-Length", len(body)), ("ETag", service.etag)):
            handler.send_header(name, str(value))
        handler.end_headers()
        handler.wfile.write(body[:40_000])
        handler.wfile.flush()
        begun.append(True)
        time.sleep(5)
        handler.close_connection = True

    def heed():
        # Whatever starts the tests in the background may have told all it starts to ignore Ctrl-C.
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    service.fail(stall)
    done = start("--report", FINAL, "--out", "reports", preexec_fn=heed)
    part = folder / f".{FINAL}.xml.part"
    end = time.monotonic() + 30
    while time.monotonic() < end and not (begun and part.exists() and part.stat().st_size):
        time.sleep(0.02)
    done.send_signal(blow)
    done.communicate(timeout=60)
    assert done.returncode == (-9 if blow == signal.SIGKILL else 130)
    assert [name for name in listing(folder) if not name.startswith(".")] == []
    assert run("--report", FINAL, "--out", folder).exit_code == 0
    assert (folder / f"{FINAL}.xml").read_bytes() == vlos(FINAL)
    assert listing(folder) == [f"{FINAL}.xml", f"{FINAL}.xml.json"]
    assert service.asked[-1][1]["Range"].startswith("bytes=")


def test_a_file_that_cannot_be_written_to_the_end(start, tmp_path):
    """A limit on the size of files stands for a full disk."""
    limit = (CHUNK, CHUNK)
    done = start("--report", FINAL, "--out", "reports", preexec_fn=lambda: setrlimit(RLIMIT_FSIZE, limit))
    stdout, stderr = done.communicate(timeout=60)
    assert (done.returncode, stdout) == (1, "")
    assert stderr == f"standpunt: reports/{FINAL}.xml: cannot be written (File too large)\n"
    assert listing(tmp_path / "reports") == []


def test_a_broken_page_is_not_a_traceback(start, service):
    service.fail(lambda handler: send(handler, 200, b'{"value": [{}]}', "application/json"))
    done = start("--date", DAY)
    _, stderr = done.communicate(timeout=60)
    assert done.returncode == 1
    assert len(stderr.splitlines()) == 1
