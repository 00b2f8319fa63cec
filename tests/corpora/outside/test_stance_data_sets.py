"""Stances toward targets in the data sets of others: which rows, in which part, and what is refused."""

import gzip
import json
import os
from collections import Counter
from pathlib import Path

import pytest

from standpunt.corpora.loading import load_rows
from standpunt.corpora.outside.wahlomat_de import part_of
from standpunt.errors import InputError
from standpunt.experiment.config import Config, CorpusConfig, EvaluationConfig, TaskConfig
from standpunt.experiment.run import run
from standpunt.models.controls.majority import MajorityConfig
from standpunt.models.tfidf import TfidfConfig
from standpunt.splits import SplitConfig, get_protocol
from standpunt.tasks import get_task
from standpunt.text.duplicates import Duplicates

SPEAKER = {"speaker": "Muster", "party": "Gelb"}
# One invented record of each, in the form of the real file.
RECORDS = {
    "bundestag_vote": SPEAKER
    | {
        "text": "Die Brücke ist  alt.",
        "target": "Zweiten Gesetzes über die Brü\u00adcken",
        "label": "favor",
        "lang": "de",
        "kind": "Gesetzentwurf",
        "wp_sitzung": "21001",
        "top": "Tagesordnungspunkt 3",
        "date": "07.04.2031",
        "joint_debate": False,
    },
    "be_speech_vote": SPEAKER
    | {
        "text": "De brug is oud.",
        "target": "Wetsvoorstel over de bruggen (12/1-3)",
        "target_fr": "Proposition de loi relative aux ponts (12/1-3)",
        "label": "favor",
        "lang": "nl",
        "sid": "60-ip001",
        "item": "02",
        "turn": "02.01",
        "says_vote": True,
    },
    "serbparl": SPEAKER | {"text": "Most je star.", "target": "LEX", "label": "neutral", "lang": "sr"},
    "handeset": SPEAKER
    | {
        "text": "The bridge is old.",
        "target": "That the Bill be now read a Second time.",
        "label": "against",
        "lang": "en",
        "vote": "favor",
        "title": "Bridges Bill",
        "id": "7",
    },
    "wahlomat_de": {
        "text": "Die Brücke ist alt.",
        "target": "Die Brücke soll gesperrt werden.",
        "label": "favor",
        "lang": "de",
        "party": "Gelb",
        "election": "2031/adorf",
        "date": "2031-04-07",
    },
    "vast": {"text": "It is old.", "target": "bridge", "label": "against", "lang": "en", "type_idx": "1"},
    "perspectrum": {
        "text": "It is old.",
        "target": "Close the bridge",
        "label": "favor",
        "lang": "en",
        "split": "dev",
    },
    "ibm_claim_stance": {
        "text": "bridges grow old",
        "target": "This house would close the bridge",
        "label": "favor",
        "lang": "en",
        "split": "test",
    },
    "sick_nl": {
        "text": "Een man loopt over een brug",
        "target": "Er loopt een man",
        "label": "entailment",
        "lang": "nl",
        "split": "TRIAL",
    },
}
ROWS = {
    "bundestag_vote": {
        "debate": "21001 Tagesordnungspunkt 3", "date": "2031-04-07", "language": "de", "speaker": "Muster",
        "party": "Gelb", "role": "member", "issue": "Zweiten Gesetzes über die Brücken",
        "proposition": "Der Bundestag nimmt den Entwurf eines Zweiten Gesetzes über die Brücken an.",
        "text": "Die Brücke ist alt.", "label": "favor",
    },
    "be_speech_vote": {
        "debate": "60-ip001/02", "language": "nl", "party": "Gelb", "issue": "Wetsvoorstel over de bruggen",
        "proposition": "Wetsvoorstel over de bruggen", "label": "favor", "says_vote": True,
    },
    "serbparl": {"language": "sr", "issue": "LEX", "proposition": "Leks specijalis", "label": "neutral"},
    "handeset": {
        "debate": "7", "language": "en", "label": "against",  # as the reader says, not the vote
        "proposition": "Bridges Bill: That the Bill be now read a Second time.",
    },
    "wahlomat_de": {
        "debate": "2031/adorf", "date": "2031-04-07", "language": "de", "speaker": "Gelb", "role": "party",
        "issue": "Die Brücke soll gesperrt werden.",
    },
    "vast": {"speaker": "comment 0000", "language": "en", "issue": "bridge", "label": "against"},
    "perspectrum": {"proposition": "Close the bridge", "part": "dev"},
    "ibm_claim_stance": {"proposition": "This house would close the bridge", "part": "test"},
    "sick_nl": {"proposition": "Er loopt een man", "language": "nl", "label": "favor", "part": "dev"},
}  # fmt: skip
NAMES = tuple(RECORDS)


@pytest.fixture
def load(tmp_path):
    """Return a function that loads records (or lines as they are) of a data set."""

    def read(name, *records, task="stance"):
        path = tmp_path / f"{name}.jsonl"
        lines = [record if isinstance(record, str) else json.dumps(record) for record in records]
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return load_rows(name, get_task(task), layer="adjudicated", path=str(path))

    return read


@pytest.mark.parametrize("task", ["stance", "stance_joint"])
@pytest.mark.parametrize("name", NAMES)
def test_a_record_is_a_row(load, name, task):
    (found,) = load(name, RECORDS[name], task=task).rows
    assert {key: found[key] for key in ROWS[name]} == ROWS[name]
    assert found["id"] == f"{name}/00000"


@pytest.mark.parametrize("name", NAMES)
def test_what_is_no_such_record_is_refused_in_a_sentence(load, name):
    record = RECORDS[name]
    wrong = [record | {key: 7.5} for key in record]
    wrong += [{key: value for key, value in record.items() if key != gone} for gone in record]
    wrong += [record | {"label": "maybe"}, record | {"lang": "xx"}, record | {"text": " "}, record | {"target": ""}]
    wrong += ["{", "[1]", RECORDS["vast" if name != "vast" else "sick_nl"]]
    for one in wrong:
        with pytest.raises(InputError, match=rf"line 2: .*a row of {name}: text, target, label") as caught:
            load(name, record, one)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("bundestag_vote", {"date": "2031-04-07"}),
        ("bundestag_vote", {"kind": "Anfrage"}),
        ("wahlomat_de", {"date": "07.04.2031"}),
        ("serbparl", {"target": "OUN"}),
        ("vast", {"type_idx": "5"}),
        ("perspectrum", {"split": "TEST"}),
        ("ibm_claim_stance", {"split": "dev"}),
        ("sick_nl", {"split": "dev"}),
        ("handeset", {"vote": "aye"}),
    ],
)
def test_values_that_mean_nothing_here_are_refused(load, name, wrong):
    with pytest.raises(InputError, match=f"line 1: not a row of {name}: text"):
        load(name, RECORDS[name] | wrong)


def test_a_file_that_is_not_there_says_what_to_set(tmp_path):
    with pytest.raises(InputError, match=r"vast\.jsonl\.gz: cannot be read .*STANDPUNT_DATA"):
        load_rows("vast", get_task("stance"), layer="adjudicated", data=str(tmp_path))


@pytest.mark.parametrize("name", ["bundestag_vote", "be_speech_vote"])
def test_abstentions_are_no_stance(load, name):
    kept = load(name, RECORDS[name] | {"label": "abstain"}, RECORDS[name] | {"label": "against"})
    assert [(row["id"], row["label"]) for row in kept.rows] == [(f"{name}/00001", "against")]
    with pytest.raises(InputError, match="no row for task stance"):
        load(name, RECORDS[name] | {"label": "abstain"})


def test_joint_debates_of_the_bundestag_are_left_out(load):
    record = RECORDS["bundestag_vote"]
    motion = record | {"kind": "Antrag", "target": "Brücken bauen"}
    kept = load("bundestag_vote", record | {"joint_debate": True}, motion)
    assert [row["proposition"] for row in kept.rows] == ["Der Bundestag nimmt den Antrag an: Brücken bauen"]


def test_the_name_of_an_issue_can_be_shown(load):
    (found,) = load("vast", RECORDS["vast"] | {"target": "the bridge\x80\x99s age"}).rows
    assert (found["issue"], found["proposition"]) == ("the bridges age", "the bridge\x80\x99s age")


def test_a_french_speech_has_the_french_title_and_the_same_issue(load):
    record = RECORDS["be_speech_vote"]
    loaded = load("be_speech_vote", record, record | {"lang": "fr", "text": "Le pont est vieux."})
    assert loaded.languages == ("fr", "nl")
    assert [row["proposition"] for row in loaded.rows] == [
        "Wetsvoorstel over de bruggen",
        "Proposition de loi relative aux ponts",
    ]
    assert {row["issue"] for row in loaded.rows} == {"Wetsvoorstel over de bruggen"}


def test_no_party_is_none(load):
    assert load("serbparl", RECORDS["serbparl"] | {"party": "-"}).rows[0]["party"] is None


def test_comments_that_annotators_disagree_on_are_left_out(load):
    record = RECORDS["vast"]
    other = record | {"text": "It is new."}
    kept = load("vast", record, record, record | {"target": "Bridge", "label": "favor"}, other, other)
    assert [(row["id"], row["text"], row["speaker"]) for row in kept.rows] == [
        ("vast/00003", "It is new.", "comment 0000")
    ]


def test_the_topic_of_another_comment_is_not_addressed(load):
    record = RECORDS["vast"]
    records = [record, record | {"target": "cheese", "label": "neutral", "type_idx": "4"}]
    assert [row["label"] for row in load("vast", *records).rows] == ["against"]
    assert [row["label"] for row in load("vast", *records, task="stance_joint").rows] == ["against", "none"]


def test_repeated_reasons_count_once(load):
    record = RECORDS["wahlomat_de"]
    kept = load("wahlomat_de", record, record | {"party": "Rot", "text": "die Brücke  ist alt."})
    assert [row["party"] for row in kept.rows] == ["Gelb"]


def test_a_thesis_is_in_one_part(load):
    held = next(f"These {n}" for n in range(999) if part_of(f"These {n}") == "unseen_theses")
    words = [" ".join(f"wort{n}" for n in range(start, start + 20)) for start in range(999)]
    # One stands in train, and what differs from it by a full stop would be elsewhere.
    trained, like = next((w, f"{w}.") for w in words if (part_of(w), part_of(f"{w}.")) == ("train", "unseen_theses"))
    records = [
        RECORDS["wahlomat_de"] | {"target": target, "text": f"Grund {number}"}
        for number, target in enumerate([held, held, trained, like])
    ]
    parts = [row["part"] for row in load("wahlomat_de", *records).rows]
    assert parts == ["unseen_theses", "unseen_theses", "train", "train"]


@pytest.mark.parametrize("name", ["perspectrum", "ibm_claim_stance"])
def test_what_its_authors_have_in_two_parts_is_trained_on(load, name):
    record = RECORDS[name]
    targets = [("Close it", "train"), ("close  IT!", "test"), ("Open it", "test")]
    records = [record | {"target": target, "split": part} for target, part in targets]
    assert [row["part"] for row in load(name, *records).rows] == ["train", "train", "test"]


@pytest.mark.parametrize("split", ["random_by_group", "parts"])
def test_an_experiment_on_them(tmp_path, split):
    sides = [("favor", "Yes"), ("against", "No")]
    name = "handeset" if split == "random_by_group" else "perspectrum"
    records = [
        RECORDS[name]
        | {
            "label": label,
            "text": f"{word}, bridge {n} is old.",
            "target": f"Close bridge number {n % 6}",
            "id": str(n),
        }
        | {"split": "test" if n % 6 > 3 else "train"}
        for n in range(24)
        for label, word in sides
    ]
    path = tmp_path / "file.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    config = Config(
        name="trial", corpus=CorpusConfig(name, path=str(path)), task=TaskConfig("stance"), model=TfidfConfig(),
        split=SplitConfig(split, unit="issue", folds=3) if split == "random_by_group" else SplitConfig(split),
        evaluation=EvaluationConfig("issue", resamples=20),
    )  # fmt: skip
    done = run(config, tmp_path / "runs")
    assert done.finished, (done.folder / "error.log").read_text("utf-8")
    assert (done.predictions()["gold"] == done.predictions()["predicted"]).all()


def test_the_wrong_file_fails_a_run_in_one_sentence(tmp_path):
    path = tmp_path / "file.jsonl"
    path.write_text(json.dumps(RECORDS["vast"]) + "\n")
    config = Config(
        name="trial", corpus=CorpusConfig("sick_nl", path=str(path)), model=MajorityConfig(), split=SplitConfig("parts")
    )
    done = run(config, tmp_path / "runs")
    assert (done.finished, done.status["exit_code"]) == (False, 2)
    assert "line 1: not a row of sick_nl: text, target, label" in done.status["error"]


DATA = os.environ.get("STANDPUNT_DATA")
real = pytest.mark.skipif(not DATA, reason="set STANDPUNT_DATA to the folder of data sets")


def records_of(name):
    path = Path(DATA) / "stance" / f"{name}.jsonl.gz"
    return [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]


def real_rows(name, task="stance"):
    return load_rows(name, get_task(task), layer="adjudicated", data=DATA).rows.to_pandas()


@real
@pytest.mark.parametrize(
    ("name", "size", "left_out"),
    [
        ("bundestag_vote", 726, lambda record: record["joint_debate"] or record["label"] == "abstain"),
        ("be_speech_vote", 175, lambda record: record["label"] == "abstain"),
        ("serbparl", 1135, None),
        ("handeset", 1251, None),
        ("perspectrum", 11822, None),
        ("ibm_claim_stance", 2394, None),
        ("sick_nl", 9840, None),
    ],
)
def test_real_files_counted_a_second_time(name, size, left_out):
    records = records_of(name)
    kept = [record for record in records if left_out is None or not left_out(record)]
    rows = real_rows(name)
    nli = {"entailment": "favor", "contradiction": "against"}
    assert len(records) == size
    assert Counter(rows["label"]) == Counter(nli.get(record["label"], record["label"]) for record in kept)
    assert Counter(rows["language"]) == Counter(record["lang"] for record in kept)
    assert rows["id"].is_unique


@real
def test_real_reasons_and_comments_counted_a_second_time():
    records = records_of("wahlomat_de")
    assert len(records) == 32820
    assert len(real_rows("wahlomat_de")) == len({" ".join(record["text"].split()).casefold() for record in records})
    records = [r for r in records_of("vast") if r["type_idx"] != "4"]
    pairs = Counter()
    for pair, _ in {((" ".join(r["text"].split()), r["target"].casefold()), r["label"]) for r in records_of("vast")}:
        pairs[pair] += 1
    sure = {(" ".join(r["text"].split()), r["target"].casefold()) for r in records}
    assert len(real_rows("vast")) == sum(pairs[pair] == 1 for pair in sure)


@real
@pytest.mark.parametrize("name", ["wahlomat_de", "perspectrum", "ibm_claim_stance"])
def test_no_real_target_is_in_train_and_in_another_part(name):
    rows = real_rows(name)
    trained = (rows["part"] == "train").to_numpy()
    like = Duplicates(rows["proposition"].tolist()).like(trained.nonzero()[0])
    assert {"train", "dev"} & set(rows["part"])
    assert not (like & ~trained).any()


@real
def test_no_name_of_a_real_issue_has_what_cannot_be_shown():
    assert all(issue.isprintable() for name in NAMES for issue in set(real_rows(name)["issue"]))


@real
@pytest.mark.parametrize("name", ["bundestag_vote", "be_speech_vote", "handeset"])
def test_real_votes_divide_by_proposition(name):
    loaded = load_rows(name, get_task("stance"), layer="adjudicated", data=DATA)
    rows = loaded.rows.to_pandas()
    protocol = get_protocol(SplitConfig("random_by_group", unit="issue"))
    tested = set()
    for fold in protocol.folds(loaded.rows, seed=0, duplicates=Duplicates(rows["text"].tolist())):
        train, test = rows.iloc[fold.train], rows.iloc[fold.test]
        assert not set(train["issue"]) & set(test["issue"])
        assert not set(train["text"]) & set(test["text"])
        tested |= set(test["id"])
    assert tested == set(rows["id"])
