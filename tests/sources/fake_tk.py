"""A small OData service on 127.0.0.1 in the shape of the Tweede Kamer's, with faults to order; names are invented."""

import json
import re
import threading
import time
from collections import Counter
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

ROOT = "/OData/v4/2.0"
PLENARY = "11111111-0000-4000-8000-000000000001"
INTERIM = "22222222-0000-4000-8000-000000000001"
OLD_FINAL = "22222222-0000-4000-8000-000000000002"
FINAL = "22222222-0000-4000-8000-000000000003"
SKELETON = "22222222-0000-4000-8000-000000000004"
DELETED = "22222222-0000-4000-8000-000000000005"
COMMITTEE_REPORT = "22222222-0000-4000-8000-000000000006"
CLAUSE = re.compile(r"(?P<path>[\w/]+) (?P<op>eq|ge|lt) (?P<literal>.+)|(?P<many>\w+)/any\(d:d/(?P<rest>.+)\)")
OPERATORS = {"eq": lambda a, b: a == b, "ge": lambda a, b: a >= b, "lt": lambda a, b: a < b}


def vlos(title, size=4000):
    """Return a report that begins with a byte order mark, as the real ones do."""
    words = f"<titel>{title}</titel><tekst>{'De brug is open. ' * size}</tekst>"
    root = "vlosCoreDocument"
    return f'\ufeff<?xml version="1.0"?><{root}><vergadering>{words}</vergadering></{root}>'.encode()


def report(name, kind, status, changed, deleted=False):
    return {
        "Id": name, "Soort": kind, "Status": status, "ContentType": "text/xml", "ContentLength": 1,
        "GewijzigdOp": f"2014-{changed}T10:00:00.1234567+01:00", "ApiGewijzigdOp": f"2014-{changed}T10:00:00.7654321Z",
        "Verwijderd": deleted, "Vergadering_Id": PLENARY,
    }  # fmt: skip


def sitting(name, title, kind, day, reports, deleted=False):
    offset = "+02:00" if "-04" < day[4:7] < "-11" else "+01:00"
    return {
        "Id": name, "Soort": kind, "Titel": title, "Datum": f"{day}T00:00:00{offset}", "Kamer": "Tweede Kamer",
        "GewijzigdOp": f"{day}T21:00:00{offset}", "Verwijderd": deleted, "Verslag": reports,
    }  # fmt: skip


def activity(number, kind, title, day, deleted=False):
    return {
        "Id": f"33333333-0000-4000-8000-{number:012}", "Soort": kind, "Onderwerp": title,
        "Datum": f"{day}T10:15:00+01:00", "Verwijderd": deleted,
    }  # fmt: skip


def vote(number, party, cast, person=None, mistake=False, deleted=False):
    return {
        "Id": f"44444444-0000-4000-8000-{number:012}", "Soort": cast, "FractieGrootte": 9, "ActorNaam": person or party,
        "ActorFractie": party, "Vergissing": mistake, "SidActorLid": None, "Fractie_Id": None,
        "Persoon_Id": f"55555555-0000-4000-8000-{number:012}" if person else None,
        "GewijzigdOp": "2014-03-06T16:00:00+01:00", "Verwijderd": deleted,
    }  # fmt: skip


def decision(number, kind, votes, status="Besluit", changed="03-06", deleted=False, by="Met handopsteken"):
    return {
        "Id": f"66666666-0000-4000-8000-{number:012}", "StemmingsSoort": by if votes else None, "BesluitSoort": kind,
        "BesluitTekst": None, "Status": status, "GewijzigdOp": f"2014-{changed}T16:00:00+01:00", "Verwijderd": deleted,
        "Stemming": votes,
    }  # fmt: skip


def motion(number, title, decisions, dossier=(37000, None), kind="Motie", day="2014-03-04", deleted=False):
    return {
        "Id": f"77777777-0000-4000-8000-{number:012}", "Nummer": f"2014Z{number:05}", "Soort": kind, "Titel": "Bruggen",
        "Onderwerp": f"Motie van het lid Aalbers over {title} ", "GestartOp": f"{day}T00:00:00+01:00",
        "Volgnummer": number, "GewijzigdOp": "2014-03-06T16:00:00+01:00", "Verwijderd": deleted, "Besluit": decisions,
        "Kamerstukdossier": [
            {"Id": f"88888888-0000-4000-8000-{number:012}", "Nummer": dossier[0], "Toevoeging": dossier[1],
             "Verwijderd": False}
        ],
    }  # fmt: skip


def entities():
    """Return the records of a sitting day and of another one in the same week."""
    reports = [
        report(INTERIM, "Tussenpublicatie", "Ongecorrigeerd", "06-09"),
        report(OLD_FINAL, "Eindpublicatie", "Gecorrigeerd", "04-01"),
        report(FINAL, "Eindpublicatie", "Gerectificeerd", "05-01"),
        report(SKELETON, "Eindpublicatie", "Casco", "06-01"),
        report(DELETED, "Eindpublicatie", "Gecorrigeerd", "06-02", deleted=True),
    ]
    committee = [report(COMMITTEE_REPORT, "Tussenpublicatie", "Ongecorrigeerd", "03-05")]
    other = "11111111-0000-4000-8000-00000000000"
    submitted = decision(1, "Ingediend", [], changed="03-05")
    hands = [
        vote(1, "Partij Noord", "Voor"), vote(2, "Partij Zuid", "Tegen"), vote(3, "Partij Oost", "Niet deelgenomen"),
        vote(4, "Partij West", "Voor", mistake=True), vote(5, "Partij West", "Tegen"),
        vote(6, "Partij Weg", "Voor", deleted=True),
    ]  # fmt: skip
    called = [
        vote(11, "Partij Noord", "Voor", "Aalbers, A."), vote(12, "Partij Noord", "Voor", "Bos, B."),
        vote(13, "Partij Noord", "Tegen", "Cox, C."), vote(14, "Partij Zuid", "Voor", "Dekker, D."),
        vote(15, "Partij Zuid", "Tegen", "Evers, E."), vote(16, "Partij Oost", "Niet deelgenomen", "Faber, F."),
    ]  # fmt: skip
    return {
        "Vergadering": [
            sitting(PLENARY, "60e vergadering, dinsdag 4 maart 2014", "Plenair", "2014-03-04", reports),
            sitting(f"{other}2", "Waterstand in het Lange Meer", "Commissie", "2014-03-04", committee),
            sitting(f"{other}3", "Sluizen", "Commissie", "2014-03-04", []),
            sitting(f"{other}4", "Vervallen", "Commissie", "2014-03-04", committee, deleted=True),
            sitting(f"{other}5", "61e vergadering, donderdag 6 maart 2014", "Plenair", "2014-03-06", []),
        ],
        "Activiteit": [
            activity(1, "Plenair debat (debat)", "Debat over de Oekraïense bruggen", "2014-03-04"),
            activity(2, "Stemmingen", "Stemmingen", "2014-03-04"),
            activity(3, "Commissiedebat", "Waterstand in het Lange Meer", "2014-03-04"),
            activity(4, "Plenair debat (debat)", "Debat over verdwenen sluizen", "2014-03-04", deleted=True),
        ],
        "Zaak": [
            motion(5, "verf", [
                submitted,
                decision(2, "Stemmen - aangehouden", [], changed="03-09"),
                decision(3, "Stemmen - aangenomen", hands),
                decision(4, "Stemmen - verworpen", [vote(7, "Partij Zuid", "Voor")], deleted=True),
                decision(5, "Stemmen - verworpen", [vote(8, "Partij Zuid", "Voor")], status="Voorstel"),
            ]),
            motion(6, "de brug van 's-Gravendam", [decision(6, "Stemmen - verworpen", called, by="Hoofdelijk")]),
            motion(7, "roest", [submitted, decision(7, "Stemmen - aangehouden", [])]),
            motion(8, "leuningen", [submitted], dossier=(36800, "X")),
            motion(8, "pijlers", [submitted], dossier=(36800, "XII")),
            motion(9, "niets", [], deleted=True),
            motion(10, "een brief", [], kind="Brief regering"),
            motion(11, "later", [], day="2014-03-05"),
        ],
    }  # fmt: skip


def literal(text):
    if text.startswith("'"):
        return text[1:-1].replace("''", "'")
    if text in ("true", "false"):
        return text == "true"
    return int(text) if text.isdecimal() else datetime.fromisoformat(text)


def holds(row, clause):
    found = CLAUSE.fullmatch(clause)
    if found["many"]:
        return any(holds(item, found["rest"]) for item in row[found["many"]])
    value, wanted = row[found["path"]], literal(found["literal"])
    if isinstance(wanted, datetime):
        value = datetime.fromisoformat(value) if value else datetime(1, 1, 1, tzinfo=UTC)
    return OPERATORS[found["op"]](value, wanted)


def prune(row, expand):
    """Leave out what was not asked to be expanded; one nested $expand is enough here."""
    names = re.sub(r"\(.*?\)", "", expand).split(",")
    inner = dict(re.findall(r"(\w+)\(\$expand=(.*?)\)", expand))
    return {
        key: [prune(item, inner.get(key, "")) for item in value] if isinstance(value, list) else value
        for key, value in row.items()
        if not isinstance(value, list) or key in names
    }


class FakeTK:
    """The service; `url` is its base, `asked` the requests that came (path and headers)."""

    def __init__(self):
        self.entities = entities()
        self.resources = {name: vlos(name) for name in (INTERIM, OLD_FINAL, FINAL, SKELETON, COMMITTEE_REPORT)}
        self.metadata = b"<edmx:Edmx/>"
        self.page_size = 2
        self.ranges = True
        self.etag = '"one"'
        self.link_host = None
        self.asked = []
        self._faults = []
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                service.answer(self)

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.handle_error = lambda *_: None  # clients hang up here on purpose
        self._server.daemon_threads = True
        self.host = f"127.0.0.1:{self._server.server_port}"
        self.url = f"http://{self.host}{ROOT}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def fail(self, fault, times=1, match=""):
        """Answer the next requests whose path has `match` in it with a fault: a function of the handler."""
        self._faults.append([match, times, fault])

    def paths(self):
        return [unquote(path) for path, _ in self.asked]

    def counts(self):
        return Counter(re.split(r"[(?]", path.removeprefix(f"{ROOT}/"))[0] for path in self.paths())

    def answer(self, handler):
        self.asked.append((handler.path, dict(handler.headers)))
        for entry in self._faults:
            if entry[0] in unquote(handler.path) and entry[1] > 0:
                entry[1] -= 1
                return entry[2](handler)
        parts = urlsplit(handler.path)
        path = unquote(parts.path).removeprefix(f"{ROOT}/")
        if path == "$metadata":
            return send(handler, 200, self.metadata, "application/xml")
        if found := re.fullmatch(r"Verslag\((.+)\)/resource", path):
            return self.resource(handler, found[1])
        if found := re.fullmatch(r"Verslag\((.+)\)", path):
            return self.one_report(handler, found[1])
        if path not in self.entities:
            return send(handler, 404, b'{"error": {"code": "404"}}', "application/json")
        return self.page(handler, path, parse_qs(parts.query))

    def page(self, handler, entity, query):
        clauses = query["$filter"][0].split(" and ") if "$filter" in query else []
        try:
            rows = [row for row in self.entities[entity] if all(holds(row, clause) for clause in clauses)]
        except (KeyError, TypeError, ValueError) as error:
            return send(handler, 400, json.dumps({"error": {"message": str(error)}}).encode(), "application/json")
        rows = [prune(row, query.get("$expand", [""])[0]) for row in rows]
        begin = int(query.get("$skiptoken", ["0"])[0])
        page = {"@odata.context": f"{self.url}/$metadata#{entity}", "value": rows[begin : begin + self.page_size]}
        if len(rows) > begin + self.page_size:
            bare = re.sub(r"&\$skiptoken=\d+", "", handler.path)
            page["@odata.nextLink"] = f"http://{self.link_host or self.host}{bare}&$skiptoken={begin + self.page_size}"
        return send(handler, 200, json.dumps(page).encode(), "application/json; odata.metadata=minimal")

    def one_report(self, handler, name):
        for row in self.entities["Vergadering"]:
            for item in row["Verslag"]:
                if item["Id"] == name:
                    answer = item | {"Vergadering": prune(row, "")}
                    return send(handler, 200, json.dumps(answer).encode(), "application/json")
        return send(handler, 404, b"{}", "application/json")

    def resource(self, handler, name, cut=None):
        if name not in self.resources:
            return send(handler, 404, b'{"error": {"code": "404"}}', "application/json")
        body = self.resources[name]
        headers = {"ETag": self.etag} if self.etag else {}
        span = re.fullmatch(r"bytes=(\d+)-", handler.headers.get("Range", ""))
        if self.ranges and span and handler.headers.get("If-Range") == self.etag:
            begin = int(span[1])
            if begin >= len(body):
                return send(handler, 416, b"", "text/xml", {"Content-Range": f"bytes */{len(body)}"})
            headers["Content-Range"] = f"bytes {begin}-{len(body) - 1}/{len(body)}"
            return send(handler, 206, body[begin:], "text/xml", headers, cut)
        return send(handler, 200, body, "text/xml", headers, cut)


def send(handler, status, body, kind, headers=(), cut=None):
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(body)))
    for name, value in dict(headers).items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body[:cut])
    if cut is not None:
        handler.close_connection = True


def status(code, **headers):
    """Return a fault that answers a status; underscores in header names stand for hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda handler: send(handler, code, b"<html>Oops</html>", "text/html", named)


def content(body, kind):
    return lambda handler: send(handler, 200, body, kind)


def cut(service, name, after):
    """Return a fault that breaks off a download after so many bytes of its answer."""
    return lambda handler: service.resource(handler, name, cut=after)


def cut_page(handler):
    send(handler, 200, b'{"value": [], "more": true}', "application/json", cut=9)


def slow(seconds):
    def wait(handler):
        time.sleep(seconds)
        handler.close_connection = True

    return wait


class Time:
    """A clock that goes on only when somebody sleeps."""

    def __init__(self):
        self.seconds = 100.0
        self.waits = []

    def sleep(self, seconds):
        self.waits.append(seconds)
        self.seconds += seconds

    def clock(self):
        return self.seconds
