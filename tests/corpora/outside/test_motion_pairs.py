"""Turns on motions, labelled by what was done."""

import gzip
import json
import os
from collections import Counter

import pytest

from standpunt.corpora.loading import load_rows
from standpunt.errors import InputError
from standpunt.tasks import get_task

SAID = "Voorzitter. De brug is oud en moet nodig eens geverfd worden, en wel groen."
RECORD = {
    "text": f"{SAID} Ik geef de motie oordeel Kamer.",
    "text_nocue": f"{SAID} ",
    "target": "verzoekt de regering de brug te verven",
    "label": "favor",
    "kind": "minister appreciation",
    "debate": "De brug",
    "speaker": "Minister Bos",
    "party": None,
    "lang": "nl",
}
COUNCIL = {key: value for key, value in RECORD.items() if key != "debate"} | {
    "kind": "tabling speech", "date": "1-mei-2030", "party": "Geel",
}  # fmt: skip


@pytest.fixture
def load(tmp_path):
    def read(**records):
        for name, lines in records.items():
            (tmp_path / "debates" / name).mkdir(parents=True, exist_ok=True)
            text = "".join(json.dumps(record) + "\n" for record in lines)
            (tmp_path / "debates" / name / "pairs.jsonl.gz").write_bytes(gzip.compress(text.encode()))
        return load_rows("motion_pairs", get_task("stance"), layer="adjudicated", data=str(tmp_path)).rows

    return read


def test_a_row_without_what_gives_it_away(load):
    rows = load(house=[RECORD], town=[COUNCIL])
    shown = ("id", "debate", "speaker", "party", "role", "proposition", "text", "label")
    assert [tuple(row[key] for key in shown) for row in rows] == [
        (
            "motion_pairs/house/00000",
            "house/De brug",
            "Minister Bos",
            None,
            "minister",
            RECORD["target"],
            SAID,
            "favor",
        ),
        (
            "motion_pairs/town/00000",
            "town/1-mei-2030",
            "Minister Bos",
            "Geel",
            "member",
            RECORD["target"],
            SAID,
            "favor",
        ),
    ]


def test_what_says_nothing_without_the_cue_is_left_out(load):
    rows = load(house=[RECORD | {"text_nocue": "De motie op stuk nr."}, RECORD | {"text_nocue": ""}, RECORD])
    assert [row["id"] for row in rows] == ["motion_pairs/house/00002"]


@pytest.mark.parametrize(
    "wrong", [{"kind": "applause"}, {"label": "ontraden"}, {"text_nocue": None}, {"debate": None}, {"party": 3}]
)
def test_a_malformed_line_is_named(load, wrong):
    with pytest.raises(InputError, match=r"pairs\.jsonl\.gz, line 2: not a row of motion_pairs: text, target, label"):
        load(house=[RECORD, RECORD | wrong])


def test_a_folder_without_such_files(tmp_path):
    with pytest.raises(InputError, match=r"no file .*pairs\.jsonl\.gz there; set paths\.data"):
        load_rows("motion_pairs", get_task("stance"), layer="adjudicated", data=str(tmp_path))


@pytest.mark.skipif(not os.environ.get("STANDPUNT_DATA"), reason="set STANDPUNT_DATA to the folder of data sets")
def test_real_pairs():
    rows = load_rows(
        "motion_pairs", get_task("stance"), layer="adjudicated", data=os.environ["STANDPUNT_DATA"]
    ).rows.to_pandas()
    assert Counter(rows["label"]) == {"favor": 156, "against": 62}
    assert rows["id"].is_unique
    advised = rows[rows["role"] == "minister"]
    assert not advised["text"].str.contains("oordeel Kamer").any()
