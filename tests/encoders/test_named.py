"""Encoders known by a name: where they are looked for, and what is said where they are not."""

import shutil
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from standpunt.encoders import cache, named
from standpunt.encoders.named import folder_of
from standpunt.encoders.resolve import Encoder, resolve_encoder
from standpunt.errors import InputError, StandpuntError
from tiny_gemma import save_tiny_gemma

TEXTS = ["De brug moet open."]


@pytest.fixture(autouse=True)
def nothing_here(monkeypatch, tmp_path):
    """No encoder is on this machine, and the hub's client keeps nothing."""
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "cache"))
    monkeypatch.setenv(named.VARIABLE, "")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", "http://127.0.0.1:9")  # nobody listens


@pytest.fixture
def hub(monkeypatch):
    """Return a function that starts a hub which answers everything with a status, and the headers of a gated model."""
    started = []

    def start(status):
        class Hub(BaseHTTPRequestHandler):
            def do_HEAD(self):
                self.send_response(status)
                if status in (401, 403):
                    self.send_header("X-Error-Code", "GatedRepo")
                    self.send_header("X-Error-Message", "Access to model is restricted.")
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_GET = do_HEAD  # noqa: N815

            def log_message(self, *about):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
        Thread(target=server.serve_forever, daemon=True).start()
        started.append(server)
        address = f"http://127.0.0.1:{server.server_address[1]}"
        monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", address)
        monkeypatch.setattr("huggingface_hub.constants.HUGGINGFACE_CO_URL_TEMPLATE", address + "/{repo_id}/{filename}")
        return address

    yield start
    for server in started:
        server.shutdown()


def test_it_is_looked_for_in_the_folders_of_the_variable_and_then_in_the_cache(monkeypatch, tmp_path):
    assert folder_of("embeddinggemma") is None
    kept = save_tiny_gemma(tmp_path / "cache" / "encoders" / "embeddinggemma-300m", TEXTS)
    assert folder_of("embeddinggemma") == kept
    mine = tmp_path / "mine" / "embeddinggemma-300m"
    monkeypatch.setenv(named.VARIABLE, f"{tmp_path / 'nothing'}:{tmp_path / 'mine'}")
    assert folder_of("embeddinggemma") == kept
    shutil.copytree(kept, mine)
    assert resolve_encoder("embeddinggemma") == Encoder("embeddinggemma", str(mine))


def test_where_it_is_nowhere_both_ways_are_said_in_one_sentence(tmp_path):
    with pytest.raises(InputError) as caught:
        resolve_encoder("embeddinggemma")
    message = str(caught.value)
    for part in (
        "'embeddinggemma' is not on this machine", str(tmp_path / "cache" / "encoders" / "embeddinggemma-300m"),
        "STANDPUNT_ENCODERS", "cannot be reached", "`standpunt encoder assemble embeddinggemma`", "Gemma Terms of Use",
        "https://huggingface.co/google/embeddinggemma-300m", "`hf auth login`",
    ):  # fmt: skip
        assert part in message
    assert "\n" not in message


def test_a_hub_that_gives_it_is_taken(hub):
    hub(200)
    assert resolve_encoder("embeddinggemma") == Encoder("embeddinggemma", "google/embeddinggemma-300m")


@pytest.mark.parametrize("status", [401, 403])
def test_a_hub_that_asks_for_the_licence_says_so(hub, status):
    hub(status)
    with pytest.raises(InputError, match=rf"asks for its licence to be accepted \({status}\); put it together with"):
        resolve_encoder("embeddinggemma")


def test_any_encoder_whose_licence_must_be_accepted_says_where(hub):
    hub(403)
    with pytest.raises(InputError, match=r"asks for its licence .*; accept it at https://\S+/some/model "):
        Encoder("some/model", "some/model").encoder()


def test_a_hub_that_is_not_asked(monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(InputError, match=r"the hub is not asked \(HF_HUB_OFFLINE\)"):
        resolve_encoder("embeddinggemma")


def test_too_little_memory_is_said_before_it_is_loaded(monkeypatch, tmp_path):
    folder = save_tiny_gemma(tmp_path / "tiny", TEXTS)
    (folder / "tokenizer.json").unlink()  # as if it were small
    size = (folder / "model.safetensors").stat().st_size
    encoder = Encoder("tiny", str(folder))
    monkeypatch.setattr("standpunt.encoders.resolve.free_memory", lambda: int(size * 0.8))
    with pytest.raises(StandpuntError, match=r"needs .* GB of memory and .* are free; .*model.precision=bfloat16"):
        encoder.encoder()
    assert encoder.encoder("bfloat16").dtype.itemsize == 2  # half of it is enough
    monkeypatch.setattr("standpunt.encoders.resolve.free_memory", lambda: size // 10)
    with pytest.raises(StandpuntError, match=r"close other programs, or take a smaller encoder") as caught:
        encoder.encoder("bfloat16")
    assert "\n" not in str(caught.value)


def test_memory_that_runs_out_in_loading_is_one_sentence(monkeypatch, tmp_path):
    folder = save_tiny_gemma(tmp_path / "tiny", TEXTS)

    def full(*about, **options):
        raise OSError("Cannot allocate memory (os error 12)")

    monkeypatch.setattr("transformers.AutoModel.from_pretrained", full)
    with pytest.raises(StandpuntError, match="too little memory to load encoder 'tiny'; close other programs"):
        Encoder("tiny", str(folder)).encoder()
