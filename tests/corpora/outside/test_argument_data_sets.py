"""Data sets with claims and premises: UN Security Council, US presidential debates, German citizen participation."""

import gzip
import json
import os
from collections import Counter
from pathlib import Path

import pytest

from standpunt.corpora.loading import load_rows
from standpunt.corpora.outside import cimt, elecdeb, unsc
from standpunt.errors import InputError
from standpunt.tasks import get_task

CIMT_HEAD = "id\tdocument_id\tsentence_nr\tcontent\tcode\ttitle/text\tcurated/single\tdataset\turl\n"


@pytest.fixture
def put(tmp_path):
    """Return a function that writes a file and returns its path."""

    def write(name, text):
        path = tmp_path / name
        path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
        return path

    return write


def speech(*labels, name="UNSC_2014_SPV.7154_spch004_RF2_neg", sentence="The bridge  is old."):
    return "".join(json.dumps({"speech": name, "sentence": sentence, "label": label}) + "\n" for label in labels)


def tagged(*tokens):
    return "".join(f"{token}\t_\t_\t{tag}\n" for token, tag in tokens)


def contribution(document, *sentences, process="CD_B"):
    lines = (f"0\t{document}\t1\t{text}\t{code}\ttext\tcurated\t{process}\thttps://x.de" for text, code in sentences)
    return "\n".join(lines) + "\n"


def test_unsc_speech_is_the_debate_and_the_state_the_speaker(put):
    path = put("s.jsonl.gz", speech("claim", "none") + speech("premise", name="UNSC_2014_SPV.7154_spch006_USA"))
    rows = list(unsc.rows(path, "component"))
    assert [(row["speaker"], row["sentence"], row["sentences"], row["label"]) for row in rows] == [
        ("RF", 1, 2, "claim"),
        ("RF", 2, 2, "none"),
        ("US", 1, 1, "premise"),
    ]
    assert len({row["debate"] for row in rows}) == 2
    assert (rows[0]["text"], rows[0]["language"]) == ("The bridge is old.", "en")
    assert [row["label"] for row in unsc.rows(path, "claim_premise")] == ["claim", "premise"]


@pytest.mark.parametrize("line", ["{", "[]", '{"speech": "a", "sentence": "b"}', speech("conclusion"), speech(None)])
def test_unsc_line_that_is_no_sentence_is_refused(put, line):
    path = put("s.jsonl", speech("claim") + line.strip() + "\n")
    with pytest.raises(InputError, match=r"s\.jsonl, line 2: .*a sentence as standpunt\..+\.unsc expects"):
        list(unsc.rows(path, "component"))


def test_elecdeb_tokens_become_sentences(put):
    path = put(
        "train.conll",
        "\n"
        + tagged(("I", "O"), ("say", "O"), ("no", "B-Claim"), (".", "I-Claim"), ('"', "O"), ("It", "B-Premise"))
        + tagged(("costs", "I-Premise"), (".", "O"), ("So", "O"), ("what", "O"), ("?", "O"), ("!", "O"))
        + "\n\n"
        + tagged(("Well", "B-Claim"), (",", "I-Claim"), ("yes", "B-Premise"), ("sir", "I-Premise")),
    )
    rows = list(elecdeb.rows(path, "component"))
    assert [(row["text"], row["label"]) for row in rows] == [
        ('I say no . "', "claim"),
        ("It costs .", "premise"),
        ("So what ? !", "none"),
        ("Well , yes sir", "claim"),
    ]
    assert [row["turn"] for row in rows] == ["train/0001"] * 3 + ["train/0002"]
    assert {(row["part"], row["language"]) for row in rows} == {("train", "en")}


def test_elecdeb_folder_has_its_files_as_parts(put, tmp_path):
    put("train.conll.gz", tagged(("No", "B-Claim")))
    put("dev.conll.gz", tagged(("Yes", "B-Claim")))
    assert [(row["text"], row["part"]) for row in elecdeb.rows(tmp_path, "argument")] == [
        ("Yes", "test"),
        ("No", "train"),
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("No\t_\tO", r"train\.conll, line 2: expected 4 columns parted by tabs .*, got 3"),
        ("No _ _ O", "line 2: expected 4 columns parted by tabs .*, got 1"),
        ("No\t_\t_\tB-Major", "line 2: expected one of the tags O, B-Claim, .* got 'B-Major'"),
    ],
)
def test_elecdeb_line_with_a_missing_column_or_a_strange_tag_is_refused(put, line, message):
    path = put("train.conll", tagged(("So", "O")) + line + "\n")
    with pytest.raises(InputError, match=message):
        list(elecdeb.rows(path, "component"))


def test_cimt_contribution_with_quotes_and_both_in_one_sentence(put):
    path = put(
        "dataset_CDB.tsv.gz",
        CIMT_HEAD
        + contribution("B1", ("Brücke zu", "non-arg"), ('"Sie ist ""alt"""', "premise"), ("Weg damit", "mpos"))
        + contribution("B2", ("Weg, da alt", "mpos+premise"), process="CD_C"),
    )
    rows = list(cimt.rows(path, "component"))
    assert [(row["debate"], row["text"], row["label"], row["part"]) for row in rows] == [
        ("B1", "Brücke zu", "none", "train"),
        ("B1", 'Sie ist "alt"', "premise", "train"),
        ("B1", "Weg damit", "claim", "train"),
        ("B2", "Weg, da alt", "claim", "CD_C"),
    ]
    assert {row["language"] for row in rows} == {"de"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id\tcontent\n1\tx\n", "line 1: no column document_id, code, dataset"),
        ("", "line 1: no column document_id"),
        (CIMT_HEAD + contribution("B1", ("Weg", "mpos")) + "1\tB1\t2\n", "line 3: expected 9 columns, and code one of"),
        (CIMT_HEAD + contribution("B1", ("Weg", "claim")), "line 2: expected 9 columns, and code one of mpos"),
        (CIMT_HEAD + contribution("B1", ("Weg", "mpos")).strip() + "\tx\n", "line 2: expected 9 columns"),
        (CIMT_HEAD + contribution("B1", ('"Weg', "mpos")), "line 2: not tab-separated text .*close its quotes"),
    ],
)
def test_cimt_file_that_lacks_a_column_is_refused(put, text, message):
    with pytest.raises(InputError, match=message):
        list(cimt.rows(put("dataset_CDB.tsv", text), "component"))


@pytest.mark.parametrize("module", [cimt, elecdeb, unsc])
def test_missing_data_name_the_setting(module, tmp_path):
    with pytest.raises(InputError, match=r"nowhere.* set paths\.data \(or STANDPUNT_DATA\)"):
        list(module.rows(tmp_path / "nowhere", "component"))


@pytest.mark.parametrize("module", [elecdeb, unsc])
def test_file_that_is_not_text_is_refused(module, tmp_path):
    (tmp_path / "train.conll").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match=r"train\.conll: cannot be read"):
        list(module.rows(tmp_path / "train.conll", "component"))


def test_data_set_without_a_row_for_the_task_is_refused(put):
    path = put("s.jsonl", speech("none"))
    with pytest.raises(InputError, match="corpus unsc: no row for task claim_premise in it"):
        load_rows("unsc", get_task("claim_premise"), layer="a", path=str(path))


def test_data_set_refuses_a_task_it_is_not_made_for():
    with pytest.raises(
        InputError, match="corpus unsc is made for task component or argument or claim_premise, not frame"
    ):
        load_rows("unsc", get_task("frame"), layer="a")


@pytest.mark.skipif(not os.environ.get("STANDPUNT_DATA"), reason="STANDPUNT_DATA is not set")
@pytest.mark.parametrize(
    ("module", "expected"),
    [
        (unsc, {"claim": 1761, "premise": 1737, "none": 562}),
        (cimt, {"claim": 5902, "premise": 9615, "none": 2335}),
        (elecdeb, {"claim": 10961, "premise": 9606, "none": 12805}),
    ],
)
def test_the_data_as_published(module, expected):
    rows = list(module.rows(Path(os.environ["STANDPUNT_DATA"]) / module.DATA_SET.file, "component"))
    assert Counter(row["label"] for row in rows) == expected
    assert len({row["id"] for row in rows}) == len(rows)
