"""How far a machine can be trusted, on the page and beside the map: by its scores, a file, or labels of one's own."""

import csv
import io
import re
import shutil

import pandas as pd
import pytest

from standpunt.corpora.corpus import load_corpus
from standpunt.errors import InputError
from standpunt.evaluation.trust import Tally
from standpunt.models.scores import Measurement, Scores
from standpunt.page.build import debate_page
from standpunt.page.content import Content, load_content
from standpunt.page.downloads import map_csv, write_map
from standpunt.page.reliability import Mark, Reliability, of_model
from standpunt.page.words import LANGUAGES, WORDS, Words
from standpunt.prediction.output import write_predictions
from standpunt.readers import read_debate
from standpunt.storage.paths import CORPORA
from standpunt.storage.spreadsheet import read_text

NAME = "2032-02-04-zorgbegroting"
FOLDER = CORPORA / "fictional" / NAME
LAYER = FOLDER / "stance.adjudicated.jsonl"
REPORT = FOLDER / "report.txt"
TALLIES = {"frozen_assets": Tally(10, 9, 13, 8), "no_fly_zone": Tally(26, 17, 32, 13), "boots": Tally(66, 18, 41, 23)}
SCORES = Scores(
    (
        Measurement(("tk-ukraine",), ("d",), "0", True, False, 900, Tally(102, 44, 86, 44), TALLIES),
        Measurement(
            ("tk-more",), ("e", "f"), "1", False, True, 900, Tally(50, 20, 60, 25), {"other": Tally(4, 1, 2, 3)}
        ),
    )
)


@pytest.fixture
def predictions(tmp_path):
    """Return a function that writes predictions on a fictional debate: right but for the issues that are named."""
    debate = read_debate(REPORT)
    item = next(item for item in load_corpus("fictional").debates if item.name == NAME)
    gold = item.layer("adjudicated")
    by_pair = gold.by_pair()

    def write(wrong=(), **columns):
        rows = []
        for turn in debate.turns:
            if turn.speaker.role == "chair":
                continue
            for issue in gold.issues:
                label = by_pair.get((turn.ordinal, issue), "none")
                if issue in wrong:
                    label = "against" if label != "against" else "favor"
                shares = {f"p_{name}": float(name == label) for name in ("favor", "against", "neutral", "none")}
                rows.append({"debate": debate.id, "turn": turn.id, "issue": issue, **shares, "label": label})
        write_predictions(pd.DataFrame(rows).assign(**columns), tmp_path / "out.csv")
        return tmp_path / "out.csv"

    write.issues = [issue for issue in gold.issues if any(key[1] == issue for key in by_pair)]
    return write


def test_marks_and_head_say_what_was_counted():
    words = Words("en")
    found = of_model(SCORES, "mine", [*TALLIES, "unheard_of"], words)
    assert {issue: mark.level for issue, mark in found.marks.items()} == {
        "frozen_assets": "usable", "no_fly_zone": "hint", "boots": "untrusted", "unheard_of": "unmeasured"
    }  # fmt: skip
    machine, known, new = found.head
    assert machine == (
        "A machine made this, not people: the model mine read each turn and chose a stance on each issue."
    )
    assert "Of 102 turns of a real debate (tk-ukraine)" in known
    assert "found 44 and put them on the right side (43 %). Of 86 stances that it gave there, 42 were wrong" in known
    assert "right in 20 of 50 (40 %; 2 debates of tk-more, by models with the same settings" in new
    assert found.summary([*TALLIES, "unheard_of"], words) == (
        "Of the 4 issues on this page, 1 can be used, 1 gives a hint, 1 is not to be trusted, 1 was not measured."
    )
    assert "got 18 right (95 % interval: 18 to 39 %)" in found.on("boots").title
    assert "would get 23 right" in found.on("boots").title


def test_labels_of_the_debate_go_before_what_the_model_carries(predictions):
    wrong, *right = predictions.issues
    path = predictions(wrong=[wrong])
    content = load_content(path, transcript=REPORT, model="standpunt-nl-e5", labels=shutil.copytree(
        FOLDER, path.parent / "own" / NAME) / LAYER.name)  # fmt: skip
    marks = content.reliability.marks
    assert marks[wrong].level == "untrusted"
    assert marks[wrong].right == 0
    for issue in right:
        assert marks[issue].right == marks[issue].of > 0
    assert f"labels of own/{NAME}" in content.reliability.head[-1]
    assert not content.notices


def test_labels_that_look_half_filled_are_told(predictions):
    place = shutil.copytree(FOLDER, predictions().parent / "own" / NAME)
    head, *labels = (place / LAYER.name).read_text(encoding="utf-8").splitlines(keepends=True)
    (place / LAYER.name).write_text("".join([head, *labels[:9]]), encoding="utf-8")
    for language, said in (("en", "look half filled: "), ("nl", "lijken niet af: ")):
        content = load_content(
            predictions(), transcript=REPORT, model="standpunt-nl-e5", labels=place / LAYER.name, language=language
        )
        assert said in content.notices[-1]


def test_labels_that_the_model_was_trained_on_are_refused(predictions):
    with pytest.raises(InputError, match="was trained on corpus fictional"):
        load_content(predictions(), transcript=REPORT, model="standpunt-nl", labels=LAYER)


def test_labels_of_another_debate_are_refused(predictions):
    other = CORPORA / "fictional" / "2032-05-12-huurprijzen" / LAYER.name
    with pytest.raises(InputError, match="turn 1"):
        load_content(predictions(), transcript=REPORT, labels=other)
    with pytest.raises(InputError, match="--labels is for files of predictions"):
        load_content(LAYER, labels=LAYER)


def test_a_file_says_it_without_its_model(predictions):
    path = predictions(trust="hint", measured_right=17, measured_of=26)
    content = load_content(path, transcript=REPORT)
    (mark,) = set(content.reliability.marks.values())
    assert (mark.level, mark.right, mark.of) == ("hint", 17, 26)
    assert "17 of 26 labelled turns on this issue right (95 % interval: 46 to 81 %)" in mark.title
    assert "right on the issues of this page (65 %)" in content.reliability.head[-1]
    beside = load_content(path, transcript=REPORT, labels=LAYER)
    assert "nothing tells whether it was trained on these labels" in beside.reliability.head[-1]
    unknown = load_content(predictions(), transcript=REPORT)
    assert "name the model with --model" in unknown.reliability.head[-1]
    assert unknown.reliability.on(predictions.issues[0]).level == "unmeasured"
    with pytest.raises(InputError, match=r"trust is 'blind'.*expected one of usable, hint"):
        load_content(predictions(trust="blind", measured_right=1, measured_of=2), transcript=REPORT)


def test_what_people_labelled_has_no_mark_of_a_machine():
    content = load_content(LAYER)
    assert content.reliability is None
    page = debate_page(content)
    assert "A machine made this" not in page
    assert 'class="trust' not in page
    assert "trust" not in map_csv(content, "party").decode().split("\r\n", 1)[0]


@pytest.fixture
def marked(debate, stances):
    levels = {"green_bridges": Mark("untrusted", 18, 66, "in full")}
    return Content(debate, stances, debate.title, reliability=Reliability(levels, ("A machine & co.",)))


def test_every_cell_and_chip_shows_the_mark(marked):
    page = debate_page(marked)
    assert "<p>A machine &amp; co.</p>" in page
    cells = len(re.findall('class="cell ', page))
    assert page.count('class="strike"') == cells > 3
    assert page.count("this issue: not to be trusted") == cells
    assert "not to be trusted · 18 of 66 right" in page
    assert re.search(r'<tr class="untrusted">', page)
    assert len(re.findall(r'<button type="button" class="chip.*?class="trust untrusted"', page)) == len(marked.stances)


@pytest.mark.parametrize("by", ["party", "speaker"])
def test_map_as_csv(marked, by):
    text, delimiter = read_text(map_csv(marked, by))
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))
    assert {row["trust"] for row in rows} == {"untrusted"}
    assert {(row["measured_right"], row["measured_of"]) for row in rows} == {("18", "66")}
    bos = next(row for row in rows if row["holder"] in ("Bos", "Bomen"))
    assert (bos["side"], bos["turns"], bos["ordinals"]) == ("against", "1", "3")


def test_map_as_a_picture_and_no_other_file(marked, tmp_path):
    write_map(marked, tmp_path / "map.png", "party")
    assert (tmp_path / "map.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(InputError, match=r"ends in \.csv or \.png"):
        write_map(marked, tmp_path / "map.pdf", "party")
    empty = Content(marked.debate, marked.stances[:0], "leeg")
    with pytest.raises(InputError, match="no map to write"):
        write_map(empty, tmp_path / "empty.png", "party")
    assert [path.name for path in tmp_path.iterdir()] == ["map.png"]


def test_both_languages_say_the_same_things():
    for key, texts in WORDS.items():
        fields = [sorted(re.findall(r"\{(\w+)\}", text)) for text in texts]
        assert len(texts) == len(LANGUAGES)
        assert all(texts), key
        assert fields[0] == fields[1], key
    with pytest.raises(InputError, match="language of the page"):
        Words("fr")


def test_the_page_in_dutch_says_nothing_in_english(predictions):
    path = predictions()
    page = debate_page(load_content(path, transcript=REPORT, model="standpunt-nl-e5", language="nl"))
    assert '<html lang="nl">' in page
    own = re.sub(r"<(script|style)\b.*?</\1>|<div id=\"turns\".*", "", page, flags=re.DOTALL)
    words = {*re.findall(r"[a-z]+", re.sub(r"<[^>]*?>|standpunt-nl\S*|for task \S+", " ", own.lower()))}
    assert not words & {"the", "and", "turns", "not", "trusted", "right", "machine's", "speakers", "favor", "against"}
    attributes = " ".join(re.findall(r'(?:aria-label|title|placeholder)="([^"]*)"', own))
    assert not re.search(r"\b(the|in favor|against|turns|stance|evidence)\b", attributes)


def test_a_proposition_is_the_title_of_its_row(debate, stances):
    from standpunt.annotation.issues import load_issue

    zone = load_issue("no_fly_zone")
    for language in LANGUAGES:
        content = Content(
            debate, stances.assign(issue="no_fly_zone"), "x", issues={"no_fly_zone": zone}, words=Words(language)
        )
        row = re.search(r'<tr><th scope="row">(.*?)</th>', debate_page(content))[1]
        assert f'<span lang="{language}">{zone.proposition[language]}</span>' in row
