"""The pages of many debates, as files."""

import json
import re

import pandas as pd
import pytest

from fictional_predictions import write_folder
from predicted_rows import a_few, predicted
from standpunt.analysis.across.collection import Collection
from standpunt.errors import InputError
from standpunt.page.site.build import write_site
from standpunt.page.site.names import file_names
from standpunt.page.site.passages import LONGEST, Passages

ALL = {"min_turns": 1, "min_debates": 1, "resamples": 50}


@pytest.fixture(scope="module")
def collection(tmp_path_factory):
    return Collection.read(write_folder(a_few(), tmp_path_factory.mktemp("site") / "predictions"))


@pytest.fixture(scope="module")
def site(collection, tmp_path_factory):
    return write_site(collection, tmp_path_factory.mktemp("site") / "pages", **ALL).parent


def text(path):
    return path.read_text("utf-8")


def test_there_is_a_page_for_each_issue_party_and_debate(site):
    files = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    assert files == [
        "debates/2031-01-03-debat-d0.html",
        "debates/2032-02-03-debat-d1.html",
        "debates/2033-03-03-debat-d2.html",
        files[3],
        "index.html",
        "issues/green_bridges.html",
        "issues/tunnels.html",
        "parties/a-i-b-i.html",
        "parties/bomen.html",
        "parties/cabinet.html",
    ]
    assert files[3].startswith("debates/2033-04-03-bruggen-script-script-window-hacked")


def test_every_link_leads_somewhere(site):
    for path in site.rglob("*.html"):
        for address in re.findall(r'(?:href|src)="([^"]+)"', text(path)):
            file, _, anchor = address.partition("#")
            target = (path.parent / file).resolve() if file else path
            assert target.is_file(), (path, address)
            if anchor and target.suffix == ".html":
                assert f'id="{anchor}"' in text(target), (path, address)


def test_what_comes_from_outside_is_escaped(site):
    for path in site.rglob("*.html"):
        assert "<script>window" not in text(path)
        assert "<i>B</i>" not in text(path)
    assert "Groen. &lt;/script&gt;" in text(site / "issues" / "green_bridges.html")


def test_no_page_but_the_index_runs_a_script_and_none_loads_from_elsewhere(site):
    for path in site.rglob("*.html"):
        page = text(path)
        assert ("script-src 'self'" in page) == (path.name == "index.html")
        assert "default-src 'none'" in page
        assert "http" not in page.replace("http-equiv", "")


def test_the_index_says_what_made_it_and_how_many_turns_are_behind_a_cell(site):
    page = text(site / "index.html")
    assert "<h1>4 debates, 2031 to 2033</h1>" in page
    assert "the model small read each turn" in page
    assert "1 of 18 stances are of speakers without a party and count for none." in page
    assert re.search(r'title="Bomen: −0\.\d\d, interval −0\.\d\d to \+?−?\d\.\d\d, 4 turns"', page)


def test_an_issue_has_its_course_numbers_and_passages_of_both_sides(site):
    page = text(site / "issues" / "green_bridges.html")
    assert page.count('<svg class="time') == 4  # all together, two parties and the cabinet
    assert 'class="time big"' in page
    assert re.search(r"<title>2033: \+0\.\d\d, interval .*?, 9 turns</title>", page)
    favor, against = page.split('<ul class="passages">')[1:3]
    assert "Passage d0 2 green_bridges." in favor
    assert "Passage d0 3 green_bridges." in against
    assert "80 % sure" in favor


def test_a_party_has_a_card_with_its_clear_positions_but_not_on_what_is_not_to_be_trusted(collection, tmp_path):
    rows = a_few()
    rows.loc[rows["issue"] == "green_bridges", "trust"] = "untrusted"
    untrusted = Collection.read(write_folder(rows, tmp_path / "predictions"))
    cards = {}
    for name, source in (("usable", collection), ("untrusted", untrusted)):
        page = text(write_site(source, tmp_path / name, **ALL))
        cards[name] = page.split('<ul class="cards">')[1].split("</ul>")[0]
    assert 'in favor:</span> <a href="issues/green_bridges.html#party-a-i-b-i">' in cards["usable"]
    assert "green_bridges" not in cards["untrusted"]
    assert cards["untrusted"].count("No position is clear") == 3


def test_search_holds_titles_and_the_passages_that_are_shown(site):
    searched = text(site / "search.js")
    data = json.loads(searched.removeprefix("standpuntSearch(").removesuffix(");\n"))
    assert [issue[1] for issue in data["issues"]] == ["green bridges", "tunnels"]
    assert len(data["debates"]) == 4
    first = data["passages"][0]
    assert data["parties"][first[3]][0] == "A & <i>B</i>"
    assert data["issues"][first[4]][2] == "issues/green_bridges.html"


def test_dutch(collection, tmp_path):
    index = write_site(collection, tmp_path / "pages", language="nl", **ALL)
    assert "<h1>4 debatten, 2031 tot en met 2033</h1>" in text(index)
    assert "Sterkste passages" in text(index.parent / "issues" / "tunnels.html")


def test_issues_that_are_rarely_addressed_have_no_page_and_the_index_says_so(collection, tmp_path):
    index = write_site(collection, tmp_path / "pages", min_turns=2, min_debates=2, resamples=50)
    assert [path.name for path in (index.parent / "issues").iterdir()] == ["green_bridges.html"]
    assert "at least 2 turns in at least 2 debates take a stance on it. The other 1 come" in text(index)
    assert "tunnels" in text(next((index.parent / "debates").glob("2033-04*")))


def test_without_dates_and_parties_there_are_pages_nonetheless(tmp_path):
    rows = a_few().drop(columns=["date", "party", "evidence", "title"]).assign(role="member")
    place = tmp_path / "predictions" / "year=unknown"
    place.mkdir(parents=True)
    rows.to_parquet(place / f"part-{'0' * 24}.parquet")
    index = write_site(Collection.read(tmp_path / "predictions"), tmp_path / "pages", **ALL)
    page = text(index.parent / "issues" / "green_bridges.html")
    assert "No debate has a date" in page
    assert "predict --evidence" in page
    assert not list((index.parent / "parties").iterdir())


def test_refuses_a_folder_with_something_in_it_and_leaves_it_as_it_is(collection, tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(InputError, match="exists already; choose a new folder"):
        write_site(collection, tmp_path, **ALL)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_refuses_predictions_without_a_stance(tmp_path):
    rows = pd.DataFrame([predicted("d", 1, "A", 0.05, 0.05, none=0.85)])
    collection = Collection.read(write_folder(rows, tmp_path / "predictions"))
    with pytest.raises(InputError, match="no turn takes a stance"):
        write_site(collection, tmp_path / "pages")


def test_names_of_files_are_plain_and_each_once():
    assert file_names(["Çelik/Visch", "celik visch", "CON", "日本", "a" * 99]) == [
        "celik-visch", "celik-visch-2", "con-2", "x", "a" * 60,
    ]  # fmt: skip


def test_a_long_text_is_cut_to_the_sentences_on_the_issue():
    from standpunt.annotation.issues import load_issue

    filler = "Voorzitter, ik dank u voor het woord en voor alle antwoorden in deze lange middag. " * 6
    said = "Sluit het luchtruim boven Oekraïne met een no-flyzone. "
    row = {"debate": "d", "date": None, "turn": "t", "speaker": "s", "holder": "P", "stance": "favor"}
    frame = pd.DataFrame([row | {"issue": "no_fly_zone", "certainty": 0.9, "quote": filler + said + filler}])
    passages = Passages(frame, {"no_fly_zone": load_issue("no_fly_zone")}, "nl")
    quote = passages.strongest(3, issue="no_fly_zone")["favor"][0]["quote"]
    assert quote.startswith("… Sluit het luchtruim")
    assert len(quote) <= LONGEST + 6
    assert passages.strongest(3, issue="no_fly_zone", holder="Q") == {"favor": [], "against": []}


def test_a_speaker_is_quoted_once_from_a_debate():
    row = {"debate": "d", "date": None, "turn": "t", "speaker": "s", "holder": "P", "issue": "i", "stance": "favor"}
    frame = pd.DataFrame([row | {"certainty": sure, "quote": f"{sure}"} for sure in (0.5, 0.9, 0.7)])
    assert [one["quote"] for one in Passages(frame, {}, "nl").strongest(3, issue="i")["favor"]] == ["0.9"]
