"""A small model hub on 127.0.0.1 that speaks what huggingface_hub asks to make, fill and fetch a repository."""

import base64
import hashlib
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

TOKEN = "hf_of_the_tests"
LARGE = 10 * 2**20  # bytes from which a file is kept apart from the others, as are weights


class FakeHub:
    """Repositories in memory: of each, whether it is private, and the files of every commit.

    Attributes:
        repositories: by id, `{"private": bool, "commits": [(commit, files)], "tags": {name: commit}}`.
        asked: the method and path of every request.
    """

    def __init__(self):
        self.repositories, self.stored, self.asked = {}, {}, []
        hub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                hub.answer(self)

            do_HEAD = do_POST = do_PUT = do_GET  # noqa: N815

            def log_message(self, *about):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.endpoint = f"http://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *about):
        self.server.shutdown()
        self.server.server_close()

    def files(self, repository, revision="main"):
        """Return the commit and the files of a revision: main, a tag or a commit."""
        kept = self.repositories[repository]
        commits = dict(kept["commits"])
        commit = kept["commits"][-1][0] if revision == "main" else kept["tags"].get(revision, revision)
        return commit, commits[commit]

    def answer(self, request):
        """Answer one request."""
        path = unquote(urlsplit(request.path).path)
        body = request.rfile.read(int(request.headers.get("Content-Length") or 0))
        if request.headers.get("Transfer-Encoding") == "chunked":
            body = _chunks(request.rfile)
        self.asked.append((request.command, path))
        allowed = request.headers.get("Authorization") == f"Bearer {TOKEN}"
        routes = (
            ("POST", r"/api/validate-yaml", self.validate),
            ("POST", r"/api/repos/create", self.create),
            ("POST", r"/api/models/(?P<repository>[^/]+/[^/]+)/preupload/main", self.preupload),
            ("POST", r"/(?P<repository>[^/]+/[^/]+)\.git/info/lfs/objects/batch", self.batch),
            ("PUT", r"/stored/(?P<oid>\w+)", self.store),
            ("POST", r"/api/models/(?P<repository>[^/]+/[^/]+)/commit/main", self.commit),
            ("GET", r"/api/models/(?P<repository>[^/]+/[^/]+)/tree/(?P<revision>[^/]+)(/(?P<folder>.+))?", self.tree),
            ("GET", r"/api/models/(?P<repository>[^/]+/[^/]+)(/revision/(?P<revision>.+))?", self.info),
            ("GET|HEAD", r"/(?P<repository>[^/]+/[^/]+)/resolve/(?P<revision>[^/]+)/(?P<file>.+)", self.resolve),
        )
        for command, pattern, route in routes:
            found = re.fullmatch(pattern, path)
            if found and request.command in command.split("|"):
                writes = request.command == "POST" and route != self.validate
                repository = found.groupdict().get("repository")
                hidden = repository in self.repositories and self.repositories[repository]["private"]
                if (writes or hidden) and not allowed:
                    return _send(request, 401, {"error": "Invalid username or password."})
                return _send(request, *route(body=body, **found.groupdict()))
        return _send(request, 404, {"error": f"no {request.command} {path}"})

    def validate(self, body):
        """Refuse a card whose head is not what the hub knows."""
        import yaml

        _, head, _ = json.loads(body)["content"].split("---\n", 2)
        license_name = yaml.safe_load(head).get("license")
        if license_name not in ("apache-2.0", "gemma", "mit"):
            return 400, {"errors": [{"message": f'"license" must be one of [apache-2.0, ...], not {license_name}'}]}
        return 200, {"errors": [], "warnings": []}

    def create(self, body):
        asked = json.loads(body)
        repository = f"{asked['organization']}/{asked['name']}"
        if repository in self.repositories:
            return 409, {"error": "You already created this model repo", "url": f"{self.endpoint}/{repository}"}
        private = asked.get("private", False) or asked.get("visibility") == "private"
        self.repositories[repository] = {"private": private, "commits": [], "tags": {}}
        return 200, {"url": f"{self.endpoint}/{repository}", "name": repository, "id": repository}

    def preupload(self, body, repository):
        named = json.loads(body)["files"]
        return 200, {
            "files": [
                {
                    "path": one["path"],
                    "uploadMode": "lfs" if one["path"].endswith(".safetensors") or one["size"] > LARGE else "regular",
                    "shouldIgnore": False,
                }
                for one in named
            ]
        }

    def batch(self, body, repository):
        objects = [
            {**one, "actions": {"upload": {"href": f"{self.endpoint}/stored/{one['oid']}"}}}
            for one in json.loads(body)["objects"]
        ]
        return 200, {"transfer": "basic", "objects": objects}

    def store(self, body, oid):
        assert hashlib.sha256(body).hexdigest() == oid
        self.stored[oid] = body
        return 200, {}

    def commit(self, body, repository):
        kept = self.repositories[repository]
        files = dict(kept["commits"][-1][1]) if kept["commits"] else {}
        for line in body.splitlines():
            entry = json.loads(line)
            value = entry["value"]
            if entry["key"] == "file":
                files[value["path"]] = base64.b64decode(value["content"])
            elif entry["key"] == "lfsFile":
                files[value["path"]] = self.stored[value["oid"]]
        commit = hashlib.sha1(body).hexdigest()
        kept["commits"].append((commit, files))
        return 200, {"commitUrl": f"{self.endpoint}/{repository}/commit/{commit}", "commitOid": commit, "success": True}

    def info(self, body, repository, revision=None):
        try:
            commit, files = self.files(repository, revision or "main")
        except (KeyError, IndexError):
            return 404, {"error": "Repository or revision not found"}, {"X-Error-Code": "RepoNotFound"}
        return 200, {"id": repository, "sha": commit, "siblings": [{"rfilename": name} for name in sorted(files)]}

    def tree(self, body, repository, revision, folder=None):
        _, files = self.files(repository, revision)
        within = {name: content for name, content in files.items() if folder is None or name.startswith(f"{folder}/")}
        if folder is not None and not within:
            return 404, {"error": "Entry not found"}, {"X-Error-Code": "EntryNotFound"}
        return 200, [
            {"type": "file", "path": name, "size": len(content), "oid": _digest(content)}
            for name, content in sorted(within.items())
        ]

    def resolve(self, body, repository, revision, file):
        try:
            commit, files = self.files(repository, revision)
            content = files[file]
        except (KeyError, IndexError):
            return 404, {"error": "Entry not found"}, {"X-Error-Code": "EntryNotFound"}
        return 200, content, {"ETag": f'"{_digest(content)}"', "X-Repo-Commit": commit}


def _digest(content):
    """Return the name that git gives to a file's content."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


def _send(request, status, content, headers=None):
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    request.send_response(status)
    kind = "application/octet-stream" if isinstance(content, bytes) else "application/json"
    for name, value in {"Content-Type": kind, "Content-Length": str(len(raw)), **(headers or {})}.items():
        request.send_header(name, value)
    request.end_headers()
    if request.command != "HEAD":
        request.wfile.write(raw)


def _chunks(file):
    content = b""
    while size := int(file.readline().strip() or b"0", 16):
        content += file.read(size)
        file.readline()
    file.readline()
    return content
