"""A server on 127.0.0.1 that answers as those of language models do, and misbehaves to order.

Well behaved, it is a small language model of its own: it answers with the labels of the examples that it is shown, or
without any by the words "voor" and "tegen" (other labels by the length of the text), and it quotes its first words.
"""

import json
import math
import re
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TEXT = re.compile(r'"""\n(.*?)\n"""', re.DOTALL)
ANSWERED = re.compile(r'\{"label": "([^"]+)"')
LABELS = re.compile(r"^- ([^:\n]+)", re.MULTILINE)
MODEL = "kleintje"


def row(text="Wij zijn voor de zone, en voor de dienstplicht.", **more):
    return {
        "id": "d/001/no_fly_zone", "debate": "d", "language": "nl", "issue": "no_fly_zone", "label": "favor",
        "proposition": "Er moet een no-flyzone komen.", "text": text, "context": "", "evidence": [],
        "speaker": "De Vries", "party": "A", **more,
    }  # fmt: skip


class FakeLlm:
    """What the server does, and what it was asked.

    Attributes:
        faults: what befalls the next requests for an answer, one each; see `FAULTS`. Then all is well.
        always: what befalls every request.
        gives: of "logprobs", "schema", "tokenizer", "batches", what the server has.
        key: what it asks for; None lets everyone in.
        asked: the bodies of the requests for an answer, in order.
        keys: the authorization of each of them.
        lost: how many questions of a batch are not answered.
        quotation: what every answer quotes instead of the first words of the turn.
    """

    def __init__(self):
        self.faults, self.always, self.gives = [], None, {"logprobs", "schema", "tokenizer", "batches"}
        self.key, self.asked, self.keys, self.quotation = None, [], [], None
        self.files, self.batches, self.lock = {}, {}, threading.Lock()
        self.lost = 0
        self.concurrent = self.most_concurrent = 0
        self.released = threading.Event()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"fake": self}))
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self):
        self.released.set()
        self.server.shutdown()
        self.server.server_close()

    def answer(self, body):
        """Return the answer of a small model as a chat completion."""
        said = [message["content"] for message in body["messages"]]
        labels = LABELS.findall(said[0])
        shown = [
            found[1] for m in body["messages"] if m["role"] == "assistant" and (found := ANSWERED.match(m["content"]))
        ]
        counts = Counter(label for label in shown if label in labels)
        text = TEXT.findall(said[-1] if TEXT.search(said[-1]) else said[-3])[-1]
        if not counts:
            counts = Counter({"favor": text.lower().count("voor"), "against": text.lower().count("tegen")})
        if "favor" not in labels and not shown:
            counts = Counter([labels[len(text) % len(labels)]])
        scores = {label: counts[label] + 0.01 for label in labels}
        shares = {label: score / sum(scores.values()) for label, score in scores.items()}
        label = max(shares, key=lambda name: shares[name])
        answer = {"label": label}
        if "quotation" in said[0]:
            answer["quotation"] = self.quotation if self.quotation is not None else " ".join(text.split()[:5])
        return completion(json.dumps(answer, ensure_ascii=False), shares if body.get("logprobs") else None)


def completion(content, shares=None, finish="stop", **message):
    """Return a chat completion; `shares` are the probabilities of the labels, a label being one token."""
    choice = {"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": content, **message}}
    if shares:
        head, tail = content.split('"label": "', 1)
        label = tail.split('"', 1)[0]
        others = [{"token": name, "logprob": math.log(share), "bytes": None} for name, share in shares.items()]
        pieces = [head + '"label": "', label, tail[len(label):]]  # fmt: skip
        listed = [{"token": piece, "logprob": -0.01, "bytes": None, "top_logprobs": []} for piece in pieces]
        listed[1] |= {"logprob": math.log(shares[label]), "top_logprobs": others}
        choice["logprobs"] = {"content": listed, "refusal": None}
    return {
        "id": "x", "object": "chat.completion", "created": 1, "model": MODEL, "choices": [choice],
        "usage": {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120},
    }  # fmt: skip


def error(message, code=None, kind="invalid_request_error"):
    return {"error": {"message": message, "type": kind, "code": code, "param": None}}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        fake, path = self.fake, self.path
        if not self._let_in():
            return
        if path == "/v1/models":
            self._send(
                200,
                {
                    "object": "list",
                    "data": [
                        {
                            "id": MODEL,
                            "object": "model",
                            "created": 1,
                            "owned_by": "llamacpp" if "tokenizer" in fake.gives else "x",
                        }
                    ],
                },
            )
        elif path.startswith("/v1/batches/"):
            self._send(200, fake.batches[path.rpartition("/")[2]])
        elif path.startswith("/v1/files/") and path.endswith("/content"):
            self._raw(200, fake.files[path.split("/")[3]], "application/jsonl")
        else:
            self._send(404, error("nothing here"))

    def do_POST(self):
        fake, path = self.fake, self.path
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if not self._let_in():
            return
        if path == "/tokenize" and "tokenizer" in fake.gives:
            self._send(200, {"tokens": json.loads(content)["content"].split()})
        elif path == "/apply-template" and "tokenizer" in fake.gives:
            self._send(200, {"prompt": " ".join(m["content"] for m in json.loads(content)["messages"])})
        elif path == "/v1/chat/completions":
            with fake.lock:
                fake.concurrent += 1
                fake.most_concurrent = max(fake.most_concurrent, fake.concurrent)
            try:
                self._chat(json.loads(content))
            finally:
                with fake.lock:
                    fake.concurrent -= 1
        elif path == "/v1/files" and "batches" in fake.gives:
            lines = next(
                part for part in content.decode().split("\r\n\r\n") if part.lstrip().startswith('{"custom_id"')
            )
            name = f"file-{len(fake.files)}"
            fake.files[name] = lines.rsplit("\r\n--", 1)[0].encode()
            self._send(
                200, {"id": name, "object": "file", "bytes": 1, "created_at": 1, "filename": "x", "purpose": "batch"}
            )
        elif path == "/v1/batches" and "batches" in fake.gives:
            self._batch(json.loads(content))
        else:
            self._send(404, error("nothing here"))

    def _let_in(self):
        given = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if self.fake.key is None or given == self.fake.key:
            return True
        self._send(401, error(f"Incorrect API key provided: {given}", "invalid_api_key"))
        return False

    def _chat(self, body):
        fake = self.fake
        with fake.lock:
            fake.asked.append(body)
            fake.keys.append(self.headers.get("Authorization"))
            fault = fake.always or (fake.faults.pop(0) if fake.faults else None)
        if body["model"] != MODEL:
            self._send(404, error(f"The model `{body['model']}` does not exist", "model_not_found"))
        elif "logprobs" in body and "logprobs" not in fake.gives:
            self._send(400, error("this model does not support logprobs"))
        elif "response_format" in body and "schema" not in fake.gives:
            self._send(400, error("response_format of type json_schema is not supported"))
        elif fault is None:
            self._send(200, fake.answer(body))
        elif callable(fault):
            fault(self, body)
        else:
            FAULTS[fault](self, body)

    def _batch(self, asked):
        fake = self.fake
        answers = []
        for line in fake.files[asked["input_file_id"]].decode().splitlines():
            item = json.loads(line)
            fake.asked.append(item["body"])
            if len(answers) < fake.lost:
                answers.append({"id": "r", "custom_id": item["custom_id"], "error": {"message": "the server was busy"}})
                continue
            answers.append({
                "id": "r", "custom_id": item["custom_id"], "error": None,
                "response": {"status_code": 200, "request_id": "q", "body": fake.answer(item["body"])},
            })  # fmt: skip
        fake.files["answers"] = "\n".join(json.dumps(answer) for answer in answers).encode()
        name = f"batch-{len(fake.batches)}"
        fake.batches[name] = {
            "id": name, "object": "batch", "endpoint": asked["endpoint"], "input_file_id": asked["input_file_id"],
            "completion_window": "24h", "created_at": 1, "status": "completed", "output_file_id": "answers",
        }  # fmt: skip
        self._send(200, {**fake.batches[name], "status": "validating", "output_file_id": None})

    def _send(self, status, data, headers=()):
        self._raw(status, json.dumps(data).encode(), "application/json", headers)

    def _raw(self, status, content, kind, headers=(), length=None):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content) if length is None else length))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)


def _status(status, message="", headers=(), code=None):
    return lambda handler, body: handler._send(status, error(message, code), headers)


def _saying(content, **more):
    return lambda handler, body: handler._send(200, completion(content, **more))


def _cut(handler, body):
    content = json.dumps(handler.fake.answer(body)).encode()
    handler._raw(200, content[: len(content) // 2], "application/json", length=len(content))
    handler.close_connection = True


def _silent(handler, body):
    handler.fake.released.wait(30)
    handler.close_connection = True


def _slow(handler, body):
    time.sleep(0.05)
    handler._send(200, handler.fake.answer(body))


FAULTS = {
    "401": _status(401, "Incorrect API key provided", code="invalid_api_key"),
    "429": _status(429, "Rate limit reached", code="rate_limit_exceeded"),
    "429, wait 2": _status(429, "Rate limit reached", [("Retry-After", "2")], "rate_limit_exceeded"),
    "429, wait an hour": _status(429, "Rate limit reached", [("Retry-After", "3600")], "rate_limit_exceeded"),
    "429, no money": _status(429, "You exceeded your current quota", code="insufficient_quota"),
    "500": _status(500, "The server had an error"),
    "cut": _cut,
    "half JSON": lambda handler, body: handler._raw(200, b'{"id": "x", "choi', "application/json"),
    "HTML": lambda handler, body: handler._raw(200, b"<html>Welcome</html>", "text/html"),
    "answer cut": _saying('{"label": "fav', finish="length"),
    "another label": _saying('{"label": "maybe", "quotation": ""}'),
    "empty": _saying(""),
    "refusal": _saying(None, refusal="I cannot help with that."),
    "filtered": _saying("", finish="content_filter"),
    "silence": _silent,
    "slow": _slow,
    "max_tokens": _status(400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."),
    "too long": _status(400, "This model's maximum context length is 4096 tokens", code="context_length_exceeded"),
}
