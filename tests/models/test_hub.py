"""Models to and from a model hub: a stand-in on this machine that huggingface_hub talks to as to the real one."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from fake_hub import TOKEN, FakeHub
from standpunt import Model
from standpunt.errors import InputError, ModelError, StandpuntError

REPOSITORY = "me/my-stance"


@pytest.fixture
def hub(tmp_path, monkeypatch):
    """A hub, to which the client in this process talks, with a cache and a home of its own."""
    with FakeHub() as running:
        template = running.endpoint + "/{repo_id}/resolve/{revision}/{filename}"
        for name, value in {
            "ENDPOINT": running.endpoint,
            "HUGGINGFACE_CO_URL_TEMPLATE": template,
            "HF_HUB_CACHE": str(tmp_path / "hub"),
            "HF_TOKEN_PATH": str(tmp_path / "token"),
            "HF_HUB_DISABLE_XET": True,
        }.items():
            monkeypatch.setattr(f"huggingface_hub.constants.{name}", value)
        monkeypatch.delenv("HF_TOKEN", raising=False)
        monkeypatch.chdir(tmp_path)
        yield running


@pytest.fixture
def model(make, rows):
    return make("tfidf").fit(rows)


def test_a_model_goes_to_the_hub_and_comes_back_the_same(hub, model, rows):
    address = model.push_to_hub(REPOSITORY, token=TOKEN)
    assert address.startswith(f"{hub.endpoint}/{REPOSITORY}")
    again = Model.load(REPOSITORY)
    np.testing.assert_array_equal(again.predict_proba(rows), model.predict_proba(rows))
    _, files = hub.files(REPOSITORY)
    assert f'Model.load("{REPOSITORY}")' in files["README.md"].decode()
    assert hub.stored  # weights went the way of large files
    assert not hub.repositories[REPOSITORY]["private"]
    assert Model.outline(REPOSITORY).labels == model.labels


def test_what_was_written_on_a_card_stays(hub, model, tmp_path):
    model.save(tmp_path / "mine")
    card = tmp_path / "mine" / "README.md"
    card.write_text(card.read_text().replace("license: apache-2.0", "license: mit") + "\nAsk us first.\n")
    Model.load(tmp_path / "mine").push_to_hub(REPOSITORY, token=TOKEN, private=True)
    _, files = hub.files(REPOSITORY)
    assert "license: mit" in files["README.md"].decode()
    assert files["README.md"].decode().endswith("Ask us first.\n")
    assert hub.repositories[REPOSITORY]["private"]


def test_a_second_push_is_a_second_commit_and_either_can_be_loaded(hub, model, make, rows):
    model.push_to_hub(REPOSITORY, token=TOKEN)
    first, _ = hub.files(REPOSITORY)
    hub.repositories[REPOSITORY]["tags"]["v1"] = first
    other = make("tfidf").fit(rows[:30])
    other.push_to_hub(REPOSITORY, token=TOKEN, message="fewer rows")
    np.testing.assert_array_equal(Model.load(REPOSITORY).predict_proba(rows), other.predict_proba(rows))
    for revision in ("v1", first):
        again = Model.load(f"{REPOSITORY}@{revision}")
        np.testing.assert_array_equal(again.predict_proba(rows), model.predict_proba(rows))


def test_what_was_fetched_is_there_without_a_hub(hub, model, rows, monkeypatch):
    model.push_to_hub(REPOSITORY, token=TOKEN)
    Model.load(REPOSITORY)
    sent = len(hub.asked)
    Model.load(REPOSITORY)
    assert not [path for _, path in hub.asked[sent:] if path.endswith(".safetensors") and "GET" in path]
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", "http://127.0.0.1:9")  # nobody listens
    assert Model.load(REPOSITORY).predict(rows) == model.predict(rows)


def test_a_file_that_was_changed_on_the_hub_is_refused(hub, model):
    model.push_to_hub(REPOSITORY, token=TOKEN)
    _, files = hub.files(REPOSITORY)
    files["words.json"] = files["words.json"].replace(b"a", b"b", 1)
    with pytest.raises(ModelError, match=r"words\.json: its content is not what was saved"):
        Model.load(REPOSITORY)


@pytest.mark.parametrize(
    ("token", "repository", "error", "said"),
    [
        (None, REPOSITORY, InputError, "log in with `hf auth login`"),
        ("hf_wrong", REPOSITORY, InputError, r"the hub answers 401 .*; log in with `hf auth login`, or give a token"),
        (TOKEN, "my-stance", InputError, "'my-stance' is no id of a repository; expected OWNER/NAME"),
        (TOKEN, "me/../../etc", InputError, "is no id of a repository"),
    ],
)
def test_a_hub_that_does_not_take_it_says_why(hub, model, token, repository, error, said):
    with pytest.raises(error, match=said) as caught:
        model.push_to_hub(repository, token=token)
    assert "\n" not in str(caught.value)
    assert hub.repositories == {}


def test_a_hub_that_nobody_answers_for_is_named(hub, model, monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", "http://127.0.0.1:9")  # nobody listens
    with pytest.raises(
        StandpuntError, match=r"me/my-stance: cannot be put on the hub http://127\.0\.0\.1:9 \("
    ) as caught:
        model.push_to_hub(REPOSITORY, token=TOKEN)
    assert "\n" not in str(caught.value)


def test_a_licence_that_the_hub_does_not_know_is_refused(hub, model):
    model.card = "---\nlicense: Apache-2.0\n---\n# mine\n"
    with pytest.raises(StandpuntError, match=r"Invalid metadata in README\.md"):
        model.push_to_hub(REPOSITORY, token=TOKEN)
    assert hub.repositories[REPOSITORY]["commits"] == []


def test_a_model_that_is_nowhere(hub, monkeypatch):
    with pytest.raises(ModelError) as caught:
        Model.load("nobody/nothing")
    assert str(caught.value) == ("nobody/nothing: no such model folder here, and the hub answers 404")
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(ModelError, match=r"the hub \(http://127\.0\.0\.1:9\) cannot be reached"):
        Model.load("nobody/nothing")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ModelError, match="the hub is not asked"):
        Model.load("nobody/nothing")


def test_the_hub_is_not_asked_for_what_lies_here_or_should(hub, tmp_path):
    (tmp_path / "runs").mkdir()
    for name in ("runs/model", "./nobody/nothing", "/nobody/nothing", "nobody/nothing/more", "standpunt-nx"):
        with pytest.raises(ModelError):
            Model.load(name)
    assert hub.asked == []


def test_a_private_model_needs_a_token(hub, model, monkeypatch):
    model.push_to_hub(REPOSITORY, token=TOKEN, private=True)
    with pytest.raises(ModelError, match=r"asks for a token, or has no such repository \(401\)"):
        Model.load(REPOSITORY)
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    assert Model.load(REPOSITORY).labels == model.labels


@pytest.mark.slow
def test_a_standard_model_is_opened_by_others_from_the_hub(hub, make, rows, tiny_encoder, tmp_path):
    """Base and additions lie on the hub; another process, without this package, is only told where it is."""
    from huggingface_hub import HfApi

    api = HfApi(token=TOKEN, endpoint=hub.endpoint)
    api.create_repo("me/tiny-encoder")
    api.upload_folder(repo_id="me/tiny-encoder", folder_path=tiny_encoder)
    model = make("cross_encoder, standard", n_seeds=1, epochs=1, encoder="me/tiny-encoder").fit(rows[:20])
    model.push_to_hub(REPOSITORY, token=TOKEN)
    make("cross_encoder, full", head="standard", epochs=1).fit(rows[:20]).push_to_hub("me/whole", token=TOKEN)
    code = f"""
import json, sys
from peft import AutoPeftModelForSequenceClassification
from transformers import AutoTokenizer, pipeline
model = AutoPeftModelForSequenceClassification.from_pretrained({REPOSITORY!r}, id2label={dict(enumerate(model.labels))})
tokenizer = AutoTokenizer.from_pretrained(model.peft_config["default"].base_model_name_or_path)
logits = model.eval()(**tokenizer("De brug.", "Ja.", return_tensors="pt")).logits[0].tolist()
answer = pipeline("text-classification", model="me/whole")({{"text": "De brug.", "text_pair": "Ja."}})
assert "standpunt" not in sys.modules
print(json.dumps([logits, answer]))
"""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HF_")}
    environment |= {"HF_ENDPOINT": hub.endpoint, "HF_HOME": str(tmp_path / "home"), "HF_HUB_DISABLE_XET": "1"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    found, answer = json.loads(done.stdout.splitlines()[-1])
    expected = model._members[0](**model._tokenizer("De brug.", "Ja.", return_tensors="pt")).logits[0].tolist()
    assert found == pytest.approx(expected, abs=1e-5)
    assert answer["label"] in model.labels


@pytest.mark.slow
def test_a_command_takes_a_model_from_the_hub(hub, model, tmp_path):
    model.push_to_hub(REPOSITORY, token=TOKEN)
    environment = os.environ | {"HF_ENDPOINT": hub.endpoint, "HF_HOME": str(tmp_path / "home")}
    report = tmp_path / "report.txt"
    report.write_text(
        "De voorzitter:\nIk open de vergadering.\n\nMevrouw Bol (PvdD):\nDe wolf moet worden beschermd.\n"
    )
    command = [sys.executable, "-m", "standpunt", "predict", REPOSITORY, str(report), "--issues", "wolf_culling"]
    done = subprocess.run(
        [*command, "--anyway", "--out", "out.csv"], capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Bol" in (tmp_path / "out.csv").read_text()
