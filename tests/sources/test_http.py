"""The client: manners, faults, and downloads that are whole or not there."""

import errno
import hashlib
import json
import socket
import threading
from datetime import UTC, datetime, timedelta

import pytest
from fake_tk import FINAL, content, cut, cut_page, slow, status, vlos

from standpunt import __version__
from standpunt.errors import InputError, StandpuntError
from standpunt.sources import http
from standpunt.sources.http import Client, FetchError, Manners, NotFoundError, is_cached
from standpunt.sources.tk import _find_fault

CHUNK = 1 << 14  # the client loses at most what it was reading of a cut connection


@pytest.fixture
def url(service):
    return f"{service.url}/Verslag({FINAL})/resource"


@pytest.fixture
def page(service):
    return f"{service.url}/Vergadering"


def names(folder):
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_a_request_says_who_asks_and_requests_are_spaced(client, service, page, time):
    client.get_json(page)
    client.get_json(page)
    assert service.asked[0][1]["User-Agent"] == f"standpunt/{__version__}"
    assert time.waits == [0.5]


def test_no_wait_where_enough_time_went_by(client, page, time):
    client.get_json(page)
    time.seconds += 10
    client.get_json(page)
    assert time.waits == []


@pytest.mark.parametrize("code", [408, 429, 500, 502, 503, 504])
def test_a_passing_fault_is_waited_out(client, service, page, time, told, code):
    service.fail(status(code), times=3)
    assert "value" in client.get_json(page)
    assert time.waits == [1.0, 2.0, 4.0]
    assert len([line for line in told if "trying again" in line]) == 3


def test_a_fault_for_ever_ends_in_one_sentence(client, service, page, time):
    service.fail(status(500), times=99)
    with pytest.raises(FetchError, match=r"500 .*\(5 tries\).*try again later") as error:
        client.get_json(page)
    assert error.value.exit_code == 1
    assert len(service.asked) == 5
    assert time.waits == [1.0, 2.0, 4.0, 8.0]


def test_waits_do_not_grow_without_end(service, page, time):
    service.fail(status(500), times=99)
    client = Client(Manners(tries=6, longest=3.0), sleep=time.sleep, clock=time.clock)
    with pytest.raises(FetchError):
        client.get_json(page)
    assert time.waits == [1.0, 2.0, 3.0, 3.0, 3.0]


def test_retry_after_in_seconds_is_honoured(client, service, page, time):
    service.fail(status(429, Retry_After="7"))
    client.get_json(page)
    assert time.waits == [7.0]


def test_retry_after_as_a_date_is_honoured(service, page, time):
    now = datetime(2014, 3, 4, 12, 0, tzinfo=UTC)
    service.fail(status(503, Retry_After="Tue, 04 Mar 2014 12:00:20 GMT"))
    Client(sleep=time.sleep, clock=time.clock, now=lambda: now).get_json(page)
    assert time.waits == [20.0]


@pytest.mark.parametrize("value", ["soon", "Tue, 04 Mar 1980 12:00:20 GMT", "-3"])
def test_a_useless_retry_after_is_passed_over(client, service, page, time, value):
    service.fail(status(429, Retry_After=value))
    client.get_json(page)
    assert time.waits == [1.0]


def test_a_service_that_asks_for_a_long_wait_is_left_alone(client, service, page, time):
    service.fail(status(429, Retry_After="3600"))
    with pytest.raises(FetchError, match="wait 3600 s"):
        client.get_json(page)
    assert time.waits == []


def test_what_is_not_there_is_not_asked_again(client, service):
    with pytest.raises(NotFoundError, match="404"):
        client.get_json(f"{service.url}/Wet")
    assert len(service.asked) == 1


def test_a_refused_request_is_not_sent_again(client, service, page):
    service.fail(status(403))
    with pytest.raises(FetchError, match="403"):
        client.get_json(page)
    assert len(service.asked) == 1


def test_html_in_place_of_json(client, service, page):
    service.fail(content(b"<html>Onderhoud</html>", "text/html"))
    with pytest.raises(FetchError, match="text/html was answered, expected JSON"):
        client.get_json(page)


def test_invalid_json_is_asked_for_again(client, service, page):
    service.fail(content(b'{"value": [', "application/json"), times=2)
    assert "value" in client.get_json(page)
    service.fail(content(b'{"value": [', "application/json"), times=99)
    with pytest.raises(FetchError, match="invalid JSON"):
        client.get_json(page)


def test_json_that_is_no_object(client, service, page):
    service.fail(content(b"[]", "application/json"))
    with pytest.raises(FetchError, match="without an object"):
        client.get_json(page)


def test_a_page_that_was_cut_is_asked_for_again(client, service, page):
    service.fail(cut_page)
    assert "more" not in client.get_json(page)


def test_a_silent_service_is_given_up(service, page, time):
    service.fail(slow(0.3), times=99)
    client = Client(Manners(read=0.05, tries=2), sleep=time.sleep, clock=time.clock)
    with pytest.raises(FetchError, match="no answer in time"):
        client.get_json(page)


def test_a_service_that_is_down(client):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(FetchError, match=r"cannot be reached .* check the network") as error:
        client.get_json(f"http://127.0.0.1:{port}/")
    assert error.value.exit_code == 1


@pytest.mark.parametrize("address", ["nonsense", "ftp://127.0.0.1/", "http://", "http://a..b/"])
def test_what_is_no_address(client, address):
    with pytest.raises(InputError, match="not an address"):
        client.get_json(address)


def test_a_download_stands_beside_its_checksum(client, service, url, tmp_path):
    target = client.download(url, tmp_path / "deep" / "a.xml", kind="xml")
    assert target.read_bytes() == service.resources[FINAL]
    assert names(target.parent) == ["a.xml", "a.xml.json"]
    entry = json.loads((target.parent / "a.xml.json").read_text())
    assert entry["url"] == url
    assert entry["sha256"] == hashlib.sha256(service.resources[FINAL]).hexdigest()
    assert datetime.fromisoformat(entry["time"]).tzinfo is not None
    assert target.stat().st_mode & 0o044 == (target.parent / "a.xml.json").stat().st_mode & 0o044


def test_what_is_there_is_not_fetched_again(client, service, url, tmp_path):
    for _ in range(2):
        client.download(url, tmp_path / "a.xml", kind="xml")
    assert len(service.asked) == 1


@pytest.mark.parametrize("spoil", ["bytes", "shorter", "no entry", "broken entry", "other url", "gone"])
def test_what_is_not_as_it_was_is_fetched_again(client, service, url, tmp_path, spoil):
    target = client.download(url, tmp_path / "a.xml", kind="xml")
    entry = tmp_path / "a.xml.json"
    if spoil == "bytes":
        target.write_bytes(target.read_bytes().replace(b"open", b"shut", 1))
    elif spoil == "shorter":
        target.write_bytes(target.read_bytes()[:-1])
    elif spoil == "no entry":
        entry.unlink()
    elif spoil == "broken entry":
        entry.write_text('["sha256"]')
    elif spoil == "other url":
        entry.write_text(entry.read_text().replace("resource", "elsewhere"))
    else:
        target.unlink()
    assert not is_cached(target, url)
    client.download(url, target, kind="xml")
    assert target.read_bytes() == service.resources[FINAL]
    assert is_cached(target, url)
    assert len(service.asked) == 2


def test_what_the_service_changed_since_is_fetched_again(client, service, url, tmp_path):
    target = client.download(url, tmp_path / "a.xml", kind="xml")
    now = datetime.now(UTC)
    client.download(url, target, kind="xml", since=now - timedelta(hours=1))
    assert len(service.asked) == 1
    for _ in range(2):  # the service's clock is ahead of ours
        client.download(url, target, kind="xml", since=now + timedelta(hours=1))
        assert len(service.asked) == 2
    client.download(url, target, kind="xml", since=now + timedelta(hours=2))
    assert len(service.asked) == 3


def test_a_cut_download_goes_on_where_it_was_cut(client, service, url, tmp_path, told):
    service.fail(cut(service, FINAL, 3 * CHUNK + 5))
    service.fail(cut(service, FINAL, CHUNK))
    target = client.download(url, tmp_path / "a.xml", kind="xml")
    assert target.read_bytes() == service.resources[FINAL]
    asked = [(headers.get("Range"), headers.get("If-Range")) for _, headers in service.asked]
    assert asked[0] == (None, None)
    assert asked[1] == (f"bytes={3 * CHUNK}-", '"one"')
    assert asked[2] == (f"bytes={4 * CHUNK}-", '"one"')
    assert names(tmp_path) == ["a.xml", "a.xml.json"]
    assert any(f"after {4 * CHUNK} bytes" in line for line in told)


def test_a_download_tells_how_far_it_is_from_where_it_was_cut(service, url, tmp_path, time):
    seen = []
    client = Client(sleep=time.sleep, clock=time.clock, watch=lambda *far: seen.append(far))
    service.fail(cut(service, FINAL, CHUNK))
    client.download(url, tmp_path / "a.xml", kind="xml")
    size = len(service.resources[FINAL])
    assert [have for have, _ in seen] == sorted({have for have, _ in seen})
    assert {total for _, total in seen} == {size}
    assert seen[-1] == (size, size)


@pytest.mark.parametrize("etag", ['"one"', None, 'W/"one"'])
def test_a_cut_download_begins_anew_where_the_server_cannot_go_on(client, service, url, tmp_path, etag):
    service.ranges = False
    service.etag = etag
    service.fail(cut(service, FINAL, 2 * CHUNK))
    target = client.download(url, tmp_path / "a.xml", kind="xml")
    assert target.read_bytes() == service.resources[FINAL]
    assert len(service.asked) == 2


def test_a_file_that_changed_in_between_is_not_mixed(client, service, url, tmp_path):
    def change(handler):
        service.resource(handler, FINAL, cut=2 * CHUNK)
        service.resources[FINAL] = vlos("something else")
        service.etag = '"two"'

    service.fail(change)
    target = client.download(url, tmp_path / "a.xml", kind="xml")
    assert target.read_bytes() == vlos("something else")


def test_a_download_given_up_is_taken_up_by_the_next_call(client, service, url, tmp_path):
    service.fail(cut(service, FINAL, CHUNK // 2), times=4)
    service.fail(cut(service, FINAL, 2 * CHUNK))
    with pytest.raises(FetchError, match="cut"):
        client.download(url, tmp_path / "a.xml", kind="xml")
    assert names(tmp_path) == [".a.xml.part", ".a.xml.part.json"]
    Client().download(url, tmp_path / "a.xml", kind="xml")
    assert service.asked[-1][1]["Range"] == f"bytes={2 * CHUNK}-"
    assert (tmp_path / "a.xml").read_bytes() == service.resources[FINAL]
    assert names(tmp_path) == ["a.xml", "a.xml.json"]


def test_a_part_of_another_address_or_that_is_whole_already(client, service, url, tmp_path):
    part, note = tmp_path / ".a.xml.part", tmp_path / ".a.xml.part.json"
    part.write_bytes(b"something else")
    note.write_text(json.dumps({"url": "http://elsewhere/", "validator": '"one"'}))
    assert client.download(url, tmp_path / "a.xml", kind="xml").read_bytes() == service.resources[FINAL]
    part.write_bytes(service.resources[FINAL])
    note.write_text(json.dumps({"url": url, "validator": '"one"'}))
    assert client.download(url, tmp_path / "b.xml", kind="xml").read_bytes() == service.resources[FINAL]
    (tmp_path / ".c.xml.part").write_bytes(service.resources[FINAL])
    (tmp_path / ".c.xml.part.json").write_text(note.read_text())
    assert client.download(url, tmp_path / "c.xml", kind="xml").read_bytes() == service.resources[FINAL]


def test_a_server_that_goes_on_at_the_wrong_place(client, service, url, tmp_path):
    service.fail(cut(service, FINAL, 2 * CHUNK))
    body = service.resources[FINAL]

    def wrong(handler):
        handler.send_response(206)
        handler.send_header("Content-Type", "text/xml")
        handler.send_header("Content-Range", f"bytes 7-{len(body) - 1}/{len(body)}")
        handler.send_header("Content-Length", str(len(body) - 7))
        handler.end_headers()
        handler.wfile.write(body[7:])

    service.fail(wrong)
    assert client.download(url, tmp_path / "a.xml", kind="xml").read_bytes() == body


def test_a_download_of_unknown_length_that_breaks_off(client, service, url, tmp_path):
    body = service.resources[FINAL]

    def end_early(handler):
        handler.send_response(200)
        handler.send_header("Content-Type", "text/xml")
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.wfile.write(body[:2000])
        handler.close_connection = True

    service.fail(end_early)
    assert client.download(url, tmp_path / "a.xml", kind="xml", fault=_find_fault).read_bytes() == body
    assert len(service.asked) == 2


def test_html_in_place_of_a_report_leaves_nothing(client, service, url, tmp_path):
    service.fail(content(b"<html>Onderhoud</html>", "text/html"))
    with pytest.raises(FetchError, match="text/html was answered, expected XML"):
        client.download(url, tmp_path / "a.xml", kind="xml")
    assert names(tmp_path) == []


def test_html_that_is_called_xml_leaves_nothing(client, service, url, tmp_path):
    service.fail(content(b"<!DOCTYPE html><html></html>", "application/xml"), times=99)
    with pytest.raises(FetchError, match="something else than a report"):
        client.download(url, tmp_path / "a.xml", kind="xml", fault=_find_fault)
    assert names(tmp_path) == []


def test_a_failing_fetch_leaves_the_old_file(client, service, url, tmp_path):
    target = client.download(url, tmp_path / "a.xml", kind="xml")
    before = target.read_bytes()
    service.fail(status(500), times=99)
    with pytest.raises(FetchError):
        client.download(url, target, kind="xml", since=datetime.now(UTC) + timedelta(hours=1))
    assert target.read_bytes() == before
    assert is_cached(target, url)


def test_a_full_disk_is_one_sentence_and_leaves_nothing(client, url, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Client, "_fill", full)
    with pytest.raises(StandpuntError, match=r"a\.xml: cannot be written \(No space left on device\)"):
        client.download(url, tmp_path / "a.xml", kind="xml")
    assert names(tmp_path) == []


def test_a_folder_that_cannot_be_made(client, url, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StandpuntError, match="cannot be written"):
        client.download(url, tmp_path / "file" / "a.xml", kind="xml")


def test_two_at_once_do_not_spoil_a_file(client, service, url, tmp_path):
    begun, go_on = threading.Event(), threading.Event()

    def hold(handler):
        begun.set()
        go_on.wait(10)
        service.resource(handler, FINAL)

    service.fail(hold)
    first = threading.Thread(target=client.download, args=(url, tmp_path / "a.xml"), kwargs={"kind": "xml"})
    first.start()
    assert begun.wait(10)
    with pytest.raises(StandpuntError, match="another process"):
        Client().download(url, tmp_path / "a.xml", kind="xml")
    go_on.set()
    first.join(10)
    assert (tmp_path / "a.xml").read_bytes() == service.resources[FINAL]
    assert names(tmp_path) == ["a.xml", "a.xml.json"]


def test_a_kill_between_the_file_and_its_entry(client, service, url, tmp_path, monkeypatch):
    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(http, "write_text", lambda path, text: killed() if path.name == "a.xml.json" else None)
        with pytest.raises(KeyboardInterrupt):
            client.download(url, tmp_path / "a.xml", kind="xml")
    assert (tmp_path / "a.xml").read_bytes() == service.resources[FINAL]
    client.download(url, tmp_path / "a.xml", kind="xml")
    assert is_cached(tmp_path / "a.xml", url)
