"""The service of the Tweede Kamer: sittings, reports, votes; and that what is asked for exists in its real metadata."""

import gzip
import json
import os
import re
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from fake_tk import (
    COMMITTEE_REPORT,
    FINAL,
    INTERIM,
    OLD_FINAL,
    ROOT,
    SKELETON,
    content,
    decision,
    motion,
    report,
    status,
    vlos,
    vote,
)

from standpunt.debate import Motion
from standpunt.errors import InputError
from standpunt.parliament.votes import MotionVote, join_votes
from standpunt.sources import tk as module
from standpunt.sources.http import FetchError, NotFoundError
from standpunt.sources.tk import TweedeKamer, count_votes, parse_id

DAY = date(2014, 3, 4)


@pytest.fixture
def tk(client, service):
    return TweedeKamer(client, service.url)


def first_reports(tk, debate=None):
    return [sitting.reports[0].id for sitting in tk.sittings(DAY, debate)]


def test_the_sittings_of_a_day_with_a_report(tk, service):
    listed = tk.sittings(DAY)
    assert [sitting.title for sitting in listed] == [
        "60e vergadering, dinsdag 4 maart 2014", "Waterstand in het Lange Meer",
    ]  # fmt: skip
    assert [sitting.plenary for sitting in listed] == [True, False]
    assert {sitting.date for sitting in listed} == {"2014-03-04"}
    assert service.counts() == {"Vergadering": 2}  # three that are not deleted, on pages of two


def test_a_day_is_a_day_in_the_hague(tk, service):
    tk.sittings(DAY)
    assert "Datum ge 2014-03-03T23:00:00Z and Datum lt 2014-03-04T23:00:00Z" in service.paths()[0]
    with pytest.raises(InputError):
        tk.sittings(date(2014, 7, 1))
    assert "Datum ge 2014-06-30T22:00:00Z and Datum lt 2014-07-01T22:00:00Z" in service.paths()[2]


def test_the_day_the_clock_goes_forward_is_shorter(tk, service):
    with pytest.raises(InputError):
        tk.sittings(date(2014, 3, 30))
    assert "Datum ge 2014-03-29T23:00:00Z and Datum lt 2014-03-30T22:00:00Z" in service.paths()[0]


def test_final_goes_before_interim_the_last_change_before_others_and_a_skeleton_last(tk):
    plenary = tk.sittings(DAY)[0]
    assert [version.id for version in plenary.reports] == [FINAL, OLD_FINAL, INTERIM, SKELETON]
    assert [version.final for version in plenary.reports] == [True, True, False, True]


def test_changes_are_compared_as_moments(tk, service):
    early, late = (report(name, "Tussenpublicatie", "Ongecorrigeerd", "03-05") for name in (INTERIM, OLD_FINAL))
    early["GewijzigdOp"], late["GewijzigdOp"] = "2014-03-05T12:00:00+02:00", "2014-03-05T11:00:00Z"
    service.entities["Vergadering"][0]["Verslag"] = [early, late]
    assert first_reports(tk)[0] == OLD_FINAL


def test_a_sitting_without_a_final_report_gives_the_interim_one(tk):
    assert first_reports(tk)[1] == COMMITTEE_REPORT


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("oekraiense BRUGGEN", [FINAL]),
        ("Oekrai\u0308ense", [FINAL]),
        ("stemmingen", [FINAL]),
        ("lange meer", [COMMITTEE_REPORT]),
        ("60e vergadering", [FINAL]),
    ],
)
def test_a_debate_is_found_by_a_part_of_its_title(tk, text, expected):
    assert first_reports(tk, text) == expected


@pytest.mark.parametrize("text", ["kaas", "verdwenen", "Vervallen"])
def test_a_debate_that_is_not_found_names_those_of_the_day(tk, text):
    with pytest.raises(InputError, match=r"Waterstand in het Lange Meer; .*Debat over de Oekraïense bruggen") as error:
        tk.sittings(DAY, text)
    assert "verdwenen sluizen" not in str(error.value)


def test_a_day_without_a_sitting_names_the_nearest(tk):
    with pytest.raises(InputError, match="on 2014-03-05; the days nearest to it with one are 2014-03-04, 2014-03-06"):
        tk.sittings(date(2014, 3, 5))
    with pytest.raises(InputError, match="nor in the week around it"):
        tk.sittings(date(2014, 5, 5))


@pytest.mark.parametrize("day", [date(1, 1, 1), date(9999, 12, 31)])
def test_a_day_that_cannot_be(tk, service, day):
    with pytest.raises(InputError, match="since 1815"):
        tk.sittings(day)
    assert service.asked == []


def test_a_sitting_without_a_report_yet(tk):
    with pytest.raises(InputError, match=r"no report yet of the sittings on 2014-03-06 .61e vergadering"):
        tk.sittings(date(2014, 3, 6))


def test_a_report_is_fetched_once(tk, service, tmp_path):
    sitting = tk.sittings(DAY)[0]
    asked = len(service.asked)
    for _ in range(2):
        path = tk.fetch_sitting(sitting, tmp_path)
        assert path == tmp_path / f"{FINAL}.xml"
        assert path.read_bytes() == vlos(FINAL)
    assert service.paths()[asked:] == [f"{ROOT}/Verslag({FINAL})/resource"]


def test_a_report_that_the_service_changes_is_fetched_again(tk, service, tmp_path):
    tk.fetch_sitting(tk.sittings(DAY)[0], tmp_path)
    service.entities["Vergadering"][0]["Verslag"][2]["ApiGewijzigdOp"] = "2999-01-01T00:00:00Z"
    service.resources[FINAL] = vlos("changed")
    assert tk.fetch_sitting(tk.sittings(DAY)[0], tmp_path).read_bytes() == vlos("changed")


def test_a_report_that_the_service_lost_gives_the_next_one(tk, service, tmp_path):
    del service.resources[FINAL]
    assert tk.fetch_sitting(tk.sittings(DAY)[0], tmp_path).name == f"{OLD_FINAL}.xml"
    service.resources.clear()
    with pytest.raises(NotFoundError, match=r"60e vergadering.* does not have it"):
        tk.fetch_sitting(tk.sittings(DAY)[0], tmp_path / "other")


def test_an_id(tk, tmp_path):
    assert parse_id(FINAL.upper()) == FINAL
    with pytest.raises(InputError, match="not an id"):
        tk.fetch_report("../../etc/passwd", tmp_path)
    with pytest.raises(NotFoundError):
        tk.fetch_report("99999999-0000-4000-8000-000000000000", tmp_path)


def test_the_day_of_a_report(tk):
    assert tk.date_of(FINAL) == DAY
    with pytest.raises(NotFoundError):
        tk.date_of("99999999-0000-4000-8000-000000000000")
    with pytest.raises(NotFoundError):
        tk.date_of("22222222-0000-4000-8000-000000000005")  # deleted


@pytest.mark.parametrize("address", ["tweedekamer.nl", "ftp://tweedekamer.nl", "http://[abc", ""])
def test_a_base_url_that_is_no_address(client, address):
    with pytest.raises(InputError, match="--base-url"):
        TweedeKamer(client, address)


def test_links_of_a_host_behind_a_proxy_are_asked_where_we_asked(tk, service):
    service.link_host = "internal.invalid"
    assert len(tk.sittings(DAY)) == 2


def test_relative_links(tk, service):
    rows = service.entities["Vergadering"]
    pages = [{"value": rows[:1], "@odata.nextLink": "Vergadering?$skiptoken=1"}, {"value": rows[1:2]}]
    for page in pages:
        service.fail(content(json.dumps(page).encode(), "application/json"))
    assert len(tk.sittings(DAY)) == 2
    assert service.paths()[1] == f"{ROOT}/Vergadering?$skiptoken=1"


def test_a_link_that_is_none(tk, service):
    page = {"value": [], "@odata.nextLink": "http://[internal"}
    service.fail(content(json.dumps(page).encode(), "application/json"))
    with pytest.raises(FetchError, match="next page"):
        tk.sittings(DAY)


def test_pages_that_go_round(tk, service):
    page = {"value": [], "@odata.nextLink": f"{service.url}/Vergadering?$skiptoken=1"}
    service.fail(content(json.dumps(page).encode(), "application/json"), times=9)
    with pytest.raises(FetchError, match="go round"):
        tk.sittings(DAY)
    assert len(service.asked) == 2


@pytest.mark.parametrize("page", [{}, {"value": {}}, {"value": [1]}, {"value": [{"Soort": "Plenair"}]}])
def test_a_page_without_records(tk, service, page):
    service.fail(content(json.dumps(page).encode(), "application/json"))
    with pytest.raises(FetchError, match="something else than records"):
        tk.sittings(DAY)


def test_a_moment_that_is_none(tk, service):
    service.entities["Vergadering"][0]["Verslag"][0]["GewijzigdOp"] = "gisteren"
    with pytest.raises(FetchError, match="gisteren"):
        tk.sittings(DAY)


def test_an_unknown_moment_keeps_no_report_from_being_fetched(tk, service, tmp_path):
    for version in service.entities["Vergadering"][0]["Verslag"]:
        version["ApiGewijzigdOp"] = "0001-01-01T00:00:00"
    sitting = tk.sittings(DAY)[0]
    assert tk.fetch_sitting(sitting, tmp_path).is_file()


def test_half_a_character_is_replaced(tk, service):
    service.entities["Zaak"] = [motion(5, "verf \ud800", [])]
    assert tk.votes_on(DAY)[0].title == "Motie van het lid Aalbers over verf ?"


def test_a_fault_in_the_middle_of_pages(tk, service, time):
    service.fail(status(503), match="$skiptoken")
    assert len(tk.sittings(DAY)) == 2
    assert 1.0 in time.waits


def test_expanded_records_that_are_paged_too(tk, service):
    service.page_size = 9
    row = dict(service.entities["Vergadering"][0])
    row["Verslag@odata.nextLink"] = f"Vergadering({row['Id']})/Verslag?$skiptoken=1"
    rest = {"value": row["Verslag"][1:]}
    row["Verslag"] = row["Verslag"][:1]
    service.fail(content(json.dumps({"value": [row]}).encode(), "application/json"), match="$expand")
    service.fail(content(json.dumps(rest).encode(), "application/json"), match="/Verslag?$skiptoken")
    assert first_reports(tk) == [FINAL]


def test_the_votes_of_a_day(tk, service):
    votes = tk.votes_on(DAY)
    assert [(v.dossier, v.number, v.result) for v in votes] == [
        ("36800-X", 8, None), ("36800-XII", 8, None),
        ("37000", 5, "aangenomen"), ("37000", 6, "verworpen"), ("37000", 7, "aangehouden"),
    ]  # fmt: skip
    assert votes[2].record() == {
        "dossier": "37000",
        "number": 5,
        "title": "Motie van het lid Aalbers over verf",
        "result": "aangenomen",
        "votes": {
            "Partij Noord": "Voor", "Partij Oost": "Niet deelgenomen", "Partij West": "Tegen", "Partij Zuid": "Tegen",
        },
        "by_person": False,
    }  # fmt: skip
    assert votes[3].by_person
    assert votes[3].votes == {"Partij Noord": "Voor", "Partij Oost": "Niet deelgenomen", "Partij Zuid": "Verdeeld"}
    assert votes[4].votes == {}
    assert json.loads(json.dumps(votes[2].record()))
    assert service.counts()["Zaak"] == 3


def test_the_last_vote_counts(tk, service):
    twice = [
        decision(1, "Stemmen - aangenomen", [vote(1, "Partij Noord", "Voor")], changed="03-08"),
        decision(2, "Stemmen - verworpen", [vote(2, "Partij Noord", "Tegen")], changed="03-06"),
    ]
    service.entities["Zaak"] = [motion(5, "verf", twice)]
    assert [found.result for found in tk.votes_on(DAY)] == ["aangenomen"]


def test_strings_in_a_filter_are_quoted_and_encoded(tk):
    assert module._literal("'s-Gravendam") == "'''s-Gravendam'"
    url = tk._url("Zaak", {"$filter": "Titel eq 'a+b & c#d%'"})
    assert url.endswith("/Zaak?$filter=Titel%20eq%20%27a%2Bb%20%26%20c%23d%25%27")


def test_a_party_that_votes_apart_and_a_mistake():
    cast = [vote(1, "Partij Noord", "Voor"), vote(2, "Partij Noord", "Tegen", "Aalbers, A.")]
    assert count_votes(cast) == ({"Partij Noord": "Voor"}, False)
    assert count_votes([vote(1, "Partij Noord", "Voor", mistake=True)]) == ({"Partij Noord": "Voor"}, False)
    assert count_votes([]) == ({}, False)
    nameless = vote(1, None, "Voor") | {"ActorNaam": "Lid Aalbers"}
    assert count_votes([nameless]) == ({"Lid Aalbers": "Voor"}, False)


def test_motions_are_joined_to_their_votes():
    known = MotionVote("37000", 5, "Motie", "aangenomen", {"Partij Noord": "Voor"}, False)
    adrift = MotionVote(None, None, "Motie", None, {}, False)
    motions = [
        Motion(number, dossier, ("Aalbers",), "", "", "t-1")
        for number, dossier in [(5, "37000"), (5, "37 000"), (6, "37000"), (None, None)]
    ]
    assert [vote for _, vote in join_votes(motions, [known, adrift])] == [known, known, None, None]


# --- the real thing, where its pages are at hand -------------------------------------------------------------------


@pytest.fixture(scope="module")
def formats():
    folder = os.environ.get("STANDPUNT_FORMATS")
    if not folder:
        pytest.skip("STANDPUNT_FORMATS names no folder with the real $metadata and pages")
    return Path(folder) / "odata"


@pytest.fixture(scope="module")
def schema(formats):
    """Return the names that each entity type of the real service has, with the type that a name leads to."""
    with gzip.open(formats / "odata_metadata_v4.xml.gz") as stream:
        root = ElementTree.parse(stream).getroot()
    edm = "{http://docs.oasis-open.org/odata/ns/edm}"
    return {
        entity.get("Name"): {item.get("Name"): item.get("Type", "") for item in entity if item.get("Name")}
        for entity in root.iter(f"{edm}EntityType")
    }


def leads_to(kind):
    return re.sub(r"Collection\((.*)\)", r"\1", kind).rpartition(".")[2]


def load(formats, name):
    with gzip.open(formats / f"{name}.sample.json.gz", "rt", encoding="utf-8") as stream:
        page = json.load(stream)
    return page["value"] if isinstance(page, dict) else page


@pytest.mark.parametrize("entity", ["Vergadering", "Activiteit", "Zaak"])
def test_every_field_of_the_fake_service_is_real(schema, service, entity):
    def check(row, kind):
        for name, value in row.items():
            assert name in schema[kind], f"{kind}/{name}"
            for item in value if isinstance(value, list) else []:
                check(item, leads_to(schema[kind][name]))

    for row in service.entities[entity]:
        check(row, entity)


def test_every_field_that_the_module_names_is_real(schema):
    source = Path(module.__file__).read_text("utf-8")
    known = set(schema) | {name for fields in schema.values() for name in fields}
    values = {"Voorpublicatie", "Tussenpublicatie", "Eindpublicatie", "Casco", "Plenair", "Motie", "Besluit"}
    values |= {"Voor", "Tegen", "Verdeeld", "Ongecorrigeerd", "Gecorrigeerd", "Stemmingen", "Vragenuur", "Hamerstukken"}
    values |= {"Interpellatie", "Verklaring", "Overgenomen", "Ingediend", "NFKD"}
    named = set(re.findall(r'"([A-Z]\w+)"', source)) - values
    asked = {word for text in re.findall(r'f?"([^"\n]* (?:eq|ge|lt) [^"\n]*)"', source) for word in text.split()}
    named |= {word for word in asked if re.fullmatch(r"[A-Z]\w+", word)} - values
    assert {"Vergadering", "GewijzigdOp", "ActorFractie", "Verwijderd", "GestartOp", "Volgnummer"} <= named
    assert named - known == set()


def test_the_metadata_knows_the_resource_of_a_report(formats):
    with gzip.open(formats / "odata_metadata_v4.xml.gz") as stream:
        text = stream.read().decode()
    functions = re.findall(r'<Function Name="(\w+)" IsBound="true">\s*<Parameter [^>]*Type="([^"]+)"', text)
    assert ("Resource", "TK.DA.GGM.OData.Verslag") in functions


def test_the_real_metadata_comes_through_whole(client, service, formats, tmp_path):
    service.metadata = gzip.decompress((formats / "odata_metadata_v4.xml.gz").read_bytes())
    path = client.download(f"{service.url}/$metadata", tmp_path / "metadata.xml", kind="xml", fault=module._find_fault)
    assert path.read_bytes() == service.metadata


def test_real_sittings(tk, service, formats):
    service.entities["Vergadering"] = [row | {"Verslag": []} for row in load(formats, "vergadering")]
    service.page_size = 50
    kept = [row for row in service.entities["Vergadering"] if not row["Verwijderd"]]
    listed = list(tk._sittings(date(2023, 1, 1), date(2025, 1, 1)))
    assert sorted(sitting.id for sitting in listed) == sorted(row["Id"] for row in kept)
    assert all(sitting.date == row["Datum"][:10] for sitting, row in zip(listed, kept, strict=True))
    assert {sitting.kind for sitting in listed} == {"Plenair", "Commissie"}
    assert len(service.asked) == 3
    days = {sitting.date for sitting in listed}
    for day in days:
        assert {s.date for s in tk._sittings(date.fromisoformat(day), date.fromisoformat(day))} == {day}


def test_real_motions_and_votes(tk, service, formats):
    cast = load(formats, "stemming")
    votes, by_person = count_votes(cast)
    assert set(votes.values()) == {"Voor", "Tegen"}
    assert not by_person
    zaken = [row | {"Besluit": [], "Kamerstukdossier": []} for row in load(formats, "zaak")]
    decisions = [row | {"Stemming": cast[:15]} for row in load(formats, "besluit")]
    zaken[3]["Besluit"] = decisions
    service.entities["Zaak"] = zaken
    service.page_size = 100
    listed = tk._votes("GestartOp ge 2020-01-01T00:00:00Z")
    assert len(listed) == len([row for row in zaken if row["Soort"] == "Motie" and not row["Verwijderd"]])
    assert all(vote.title.strip() for vote in listed)


def test_real_votes_with_what_they_are_about(formats):
    hands, called = load(formats, "stemming_enriched")
    assert count_votes([hands]) == ({"VVD": "Voor"}, False)
    assert count_votes([called]) == ({"VVD": "Tegen"}, True)
    assert hands["Besluit"]["BesluitSoort"].startswith(module._ON_MOTION)
    assert hands["Besluit"]["Status"] == "Besluit"
    assert {zaak["Soort"] for zaak in hands["Besluit"]["Agendapunt"]["Zaak"]} == {"Motie"}


@pytest.mark.parametrize(
    ("after", "whole"), [("", True), ("\n<!-- made - by x -->\n<!-- y -->", True), ("<!-- made", False)]
)
def test_comments_may_follow_a_report(tmp_path, after, whole):
    (tmp_path / "a.xml").write_text(f"<a><!-- a --><b>c</b></a>{after}")
    assert (module._find_fault(tmp_path / "a.xml") is None) == whole


def test_real_reports_are_whole_and_their_halves_are_not(formats, tmp_path):
    for path in sorted((formats.parent / "vlos").glob("*.xml.gz")):
        body = gzip.decompress(path.read_bytes())
        target = tmp_path / "a.xml"
        target.write_bytes(body)
        assert module._find_fault(target) is None
        target.write_bytes(body[: len(body) // 2])
        assert "breaks off" in module._find_fault(target)
