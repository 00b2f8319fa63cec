"""Motions with the cabinet's advice: a file of one's own, rows, and the experiment on them."""

import gzip
import json
import os
from collections import Counter
from pathlib import Path

import pytest

from standpunt.corpora.loading import load_rows
from standpunt.corpora.outside.moties import rows
from standpunt.errors import InputError
from standpunt.experiment.config import Config, CorpusConfig, EvaluationConfig, SplitConfig, TaskConfig
from standpunt.experiment.run import run
from standpunt.models.controls.frequencies import PartyConfig
from standpunt.models.controls.majority import MajorityConfig
from standpunt.models.tfidf import TfidfConfig
from standpunt.tasks import get_task

ADVICE = get_task("advice")
LABELS = {
    "Oordeel Kamer": "oordeel Kamer",
    "Ontraden": "ontraden",
    "Ontraden, tenzij gewijzigd": "ontraden",
    "Ontijdig": "ontijdig",
    "Verzocht motie aan te houden": "ontijdig",
    "Overbodig": "overbodig",
}
NO_ADVICE = ("Nog te ontvangen", "Geen (expliciete) appreciatie", "Overgenomen", "iets anders", "", None)
PARTIES = ("Geel", "Paars", "Rood")


def record(number, advice, **more):
    body = f"gehoord de beraadslaging,\nverzoekt de regering brug {number} te verven,"
    return {
        "zaak_id": f"zaak-{number:02d}",
        "date": f"2030-05-{1 + number // 2:02d}",
        "agendapunt": f"punt-{number // 4}",
        "text": (
            "MOTIE VAN DE LEDEN SMIT EN KOSTER\nVoorgesteld 1 mei 2030\nDe Kamer,\n"
            f"{body}\nen gaat over tot de orde van de dag.\nSmit\nKoster"
        ),
        "sponsors": [["Smit", PARTIES[number % 3]], ["Koster", "Paars"]],
        "kabinetsappreciatie": advice,
        "votes": {"Geel": "Voor"},
    } | more


RECORDS = [record(number, list(LABELS)[number % 6]) for number in range(40)]


@pytest.fixture
def put(tmp_path):
    """Return a function that writes records (or lines as they are) and returns the path."""

    def write(records, name="moties.jsonl", pack=bytes):
        lines = [line if isinstance(line, str) else json.dumps(line) for line in records]
        path = tmp_path / name
        path.write_bytes(pack("".join(f"{line}\n" for line in lines).encode()))
        return path

    return write


def test_a_row_a_motion(put):
    (found,) = rows(put([record(7, "Ontraden")]))
    assert found == {
        "id": "zaak-07", "debate": "punt-1", "date": "2030-05-04", "language": "nl", "turn": "zaak-07",
        "speaker": "Smit", "party": "Paars", "role": "member", "issue": "motion",
        "proposition": "De Kamer neemt de motie aan.",
        "text": "gehoord de beraadslaging, verzoekt de regering brug 7 te verven,", "label": "ontraden",
    }  # fmt: skip


@pytest.mark.parametrize(("advice", "label"), LABELS.items())
def test_advice_is_mapped(put, advice, label):
    assert [row["label"] for row in rows(put([record(1, advice)]))] == [label]
    assert label in ADVICE.labels


def test_motions_without_advice_are_left_out(put):
    path = put([*(record(n, advice) for n, advice in enumerate(NO_ADVICE)), record(30, "Overbodig")])
    assert [row["id"] for row in rows(path)] == ["zaak-30"]


def test_names_of_the_sponsors_are_not_in_the_text(put):
    texts = [row["text"] for row in rows(put(RECORDS))]
    assert len(texts) == len(RECORDS)
    assert not any(name in text.casefold() for text in texts for name in ("smit", "koster", "voorgesteld"))


def test_last_words_without_their_first_one(put):
    text = record(7, "Ontraden")["text"].replace("en gaat over", "gaat over")  # as one real motion is printed
    (found,) = rows(put([record(7, "Ontraden", text=text)]))
    assert found["text"] == "gehoord de beraadslaging, verzoekt de regering brug 7 te verven,"


def test_compressed_file_gives_the_same_rows(put):
    assert list(rows(put(RECORDS, "moties.jsonl.gz", gzip.compress))) == list(rows(put(RECORDS)))


def test_what_may_be_missing(put):
    read_rows = list(
        rows(put([record(1, "Ontraden", agendapunt=None, sponsors=[]), record(2, "Ontraden", sponsors=None)]))
    )
    assert [(row["debate"], row["speaker"], row["party"]) for row in read_rows] == [
        ("2030-05-01", "onbekend", None),
        ("punt-0", "onbekend", None),
    ]
    assert list(rows(put([record(1, "Ontraden", text=None)]))) == []


def missing(key):
    return {name: value for name, value in record(1, "Ontraden").items() if name != key}


MALFORMED = {
    "no JSON": "{",
    "no object": "[1]",
    "null": "null",
    "without a text": missing("text"),
    "without a date": missing("date"),
    "without an id": missing("zaak_id"),
    "without an advice": missing("kabinetsappreciatie"),
    "text that is a number": record(1, "Ontraden", text=7),
    "advice that is a list": record(1, ["Ontraden"]),
    "sponsors without party": record(1, "Ontraden", sponsors=["Smit"]),
}


@pytest.mark.parametrize("line", MALFORMED.values(), ids=MALFORMED)
def test_malformed_line_is_named(put, line):
    path = put([RECORDS[0], line, RECORDS[1]])
    with pytest.raises(InputError) as caught:
        list(rows(path))
    assert str(caught.value).startswith(f"{path}, line 2: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("a.jsonl.gz", bytes),
        ("a.jsonl.gz", lambda data: gzip.compress(data)[:-20]),
        ("a.jsonl.gz", lambda data: gzip.compress(data)[:40] + b"\xff" * 40 + gzip.compress(data)[80:]),
        ("a.jsonl", lambda data: data.replace(b"brug", b"br\xfcg")),
    ],
    ids=["not gzipped", "cut off", "damaged", "Latin-1"],
)
def test_damaged_file_is_named(put, name, pack):
    path = put(RECORDS, name, pack)
    with pytest.raises(InputError) as caught:
        list(rows(path))
    assert str(caught.value).startswith(f"{path}")


def test_missing_file_says_what_to_set(tmp_path):
    with pytest.raises(InputError, match="STANDPUNT_DATA") as caught:
        list(rows(tmp_path / "weg.jsonl.gz"))
    assert str(caught.value).startswith(f"{tmp_path / 'weg.jsonl.gz'}: cannot be read")


def test_task_and_corpus_must_belong_together(put):
    path = str(put(RECORDS))
    with pytest.raises(InputError, match="corpus moties is made for task advice, not stance"):
        load_rows("moties", get_task("stance"), layer="adjudicated", path=path)
    with pytest.raises(InputError, match="task advice is made for corpus moties, not fictional"):
        load_rows("fictional", ADVICE, layer="adjudicated")
    with pytest.raises(InputError, match=r"nowhere/stance/moties\.jsonl\.gz: cannot be read .*; set paths\.data"):
        load_rows("moties", ADVICE, layer="adjudicated", data="nowhere")


def test_hash_is_that_of_the_rows(put):
    def load(records):
        return load_rows("moties", ADVICE, layer="adjudicated", path=str(put(records)))

    first = load(RECORDS)
    assert (first.name, len(first.rows), list(first.issues)) == ("moties", 40, ["motion"])
    assert first.languages == ("nl",)
    assert first.sha256 == load(RECORDS).sha256
    assert first.sha256 != load([*RECORDS[1:], record(0, "Ontraden")]).sha256


def trial(path, model):
    return Config(
        name="trial", corpus=CorpusConfig("moties", path=str(path)), task=TaskConfig("advice"), model=model,
        split=SplitConfig("time_forward"), evaluation=EvaluationConfig("debate", resamples=20),
    )  # fmt: skip


@pytest.mark.parametrize("model", [MajorityConfig(), PartyConfig(), TfidfConfig()], ids=lambda config: config.family)
def test_experiment_by_time(put, tmp_path, model):
    result = run(trial(put(RECORDS), model), tmp_path / "runs")
    assert result.finished, (result.folder / "error.log").read_text("utf-8")
    frame = result.predictions()
    assert frame["id"].tolist() == [f"zaak-{number}" for number in range(30, 40)]
    assert set(frame["fold"]) == {"2030-05-16"}
    assert [name for name in frame if name.startswith("p_")] == [f"p_{label}" for label in ADVICE.labels]
    assert "favor_against_f1" not in result.metrics()[0]["overall"]["scores"]
    page = (result.folder / "page.html").read_text("utf-8").casefold()
    assert "favor" not in page
    assert "oordeel kamer" in page


def test_experiment_without_its_file_fails_in_one_sentence(tmp_path):
    result = run(trial(tmp_path / "weg.jsonl", MajorityConfig()), tmp_path / "runs")
    assert (result.finished, result.status["exit_code"]) == (False, 2)
    assert "STANDPUNT_DATA" in result.status["error"]


DATA = os.environ.get("STANDPUNT_DATA")


@pytest.mark.skipif(not DATA, reason="set STANDPUNT_DATA to the folder of data sets")
def test_real_motions_counted_a_second_time():
    path = Path(DATA) / "stance" / "moties.jsonl.gz"
    records = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
    records = [record for record in records if record["text"]]
    read_rows = list(rows(path))
    advised = [LABELS[record["kabinetsappreciatie"]] for record in records if record["kabinetsappreciatie"] in LABELS]
    assert len(read_rows) == 3686
    assert Counter(row["label"] for row in read_rows) == Counter(advised)
    assert len({row["id"] for row in read_rows}) == len(read_rows)
    assert not any("en gaat over tot de orde" in row["text"] for row in read_rows)
    assert all(row["text"] for row in read_rows)
