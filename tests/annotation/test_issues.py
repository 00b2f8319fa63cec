import pytest
import yaml

from standpunt.annotation.issues import issue_from_record, load_issue, load_issues, shipped_issues
from standpunt.errors import InputError

RECORD = {
    "name": "paint_bridges",
    "proposition": {"nl": "De bruggen moeten geverfd.", "en": "The bridges must be painted."},
    "definition": {"nl": "Verf op\n bruggen.", "en": "Paint on bridges."},
    "pro": {"nl": "Verf ze.", "en": "Paint them."},
    "con": {"nl": "Laat ze.", "en": "Leave them."},
    "aliases": ["bruggenverf"],
    "border_cases": ["Tunnels are not bridges."],
}


def without(field):
    return {name: value for name, value in RECORD.items() if name != field}


@pytest.mark.parametrize("name", shipped_issues())
def test_shipped_issue_is_complete(name):
    issue = load_issue(name)
    assert issue.name == name
    for texts in (issue.proposition, issue.definition, issue.pro, issue.con):
        assert all(texts[language].strip() for language in ("nl", "en"))
    assert issue_from_record(issue.record(), "x") == issue


def test_six_issues_ship():
    assert {"no_fly_zone", "boots_on_the_ground", "frozen_assets"} <= set(shipped_issues())
    assert len(shipped_issues()) >= 6


def test_an_issue_is_read_in_the_language_of_the_text_or_in_dutch():
    texts = ("proposition", "definition", "pro", "con")
    issue = issue_from_record(RECORD | {name: {**RECORD[name], "de": "Ja."} for name in texts}, "x")
    assert [issue.language_for(language) for language in ("nl", "en", "de", "fr")] == ["nl", "en", "de", "nl"]
    assert issue.said("de") == "Ja. bruggenverf Ja. Ja. Ja."


def test_issues_come_in_the_order_asked():
    assert list(load_issues(["no_fly_zone", "frozen_assets"])) == ["no_fly_zone", "frozen_assets"]


def test_issue_of_ones_own_is_read_by_path(tmp_path):
    path = tmp_path / "verf.yaml"
    path.write_text(yaml.safe_dump(RECORD, allow_unicode=True), encoding="utf-8")
    issue = load_issue(str(path))
    assert issue.name == "paint_bridges"
    assert issue.definition["nl"] == "Verf op bruggen."
    assert issue.aliases == ("bruggenverf",)


def test_edited_file_is_read_again(tmp_path):
    path = tmp_path / "verf.yaml"
    for text in ("Verf ze.", "Verf ze allemaal."):
        path.write_text(yaml.safe_dump(RECORD | {"pro": {"nl": text, "en": "Paint."}}), encoding="utf-8")
        assert load_issue(str(path)).pro["nl"] == text


def test_unknown_issue_names_the_nearest():
    with pytest.raises(InputError, match=r"unknown issue 'no_fly_zon': did you mean 'no_fly_zone'"):
        load_issue("no_fly_zon")


@pytest.mark.parametrize(
    ("record", "why"),
    [
        ([], "expected a mapping"),
        (without("name"), "'name' is missing"),
        (without("pro"), "'pro' must give a text in one language or more"),
        (RECORD | {"con": {"nl": "Laat ze."}}, "in language 'en' and field 'con' is not"),
        (RECORD | {"con": {}}, "'con' must give a text"),
        (RECORD | {"pro": {"nl": "Verf.", False: "Male."}}, "'pro' has the key false, which YAML also makes of .*no"),
        (RECORD | {"pro": {"nl": "Verf.", "English": "Paint."}}, "'pro' has the key 'English'; expected the code"),
        (RECORD | {"name": 123}, "'name' is the number 123; expected a short name"),
        (RECORD | {"name": True}, "'name' is true, which YAML also makes of yes"),
        (RECORD | {"name": ["a"]}, "'name' is a list"),
        (RECORD | {"con": "Laat ze."}, "'con' must give a text"),
        (RECORD | {"con": {**RECORD["con"], "de": None}}, "'con' must give a text"),
        (RECORD | {"con": {**RECORD["con"], "en": " "}}, "'con' must give a text"),
        (RECORD | {"proposition": {**RECORD["proposition"], "de": "Ja."}}, "'de' and field 'definition' is not"),
        (RECORD | {"name": ""}, "'name' is missing"),
        (RECORD | {"aliases": "verf"}, "'aliases' must be a list"),
        (RECORD | {"border_cases": [1]}, "'border_cases' must be a list"),
        (RECORD | {"alias": []}, "unknown field 'alias': did you mean 'aliases'"),
    ],
)
def test_malformed_issue_says_what_is_wrong(record, why):
    with pytest.raises(InputError, match=why) as caught:
        issue_from_record(record, "verf.yaml")
    assert str(caught.value).startswith("verf.yaml: ")


@pytest.mark.parametrize("raw", [b"name: [", b"name: caf\xe9", b"", b"- a", b"name: 2024-13-45"])
def test_malformed_file_is_named(tmp_path, raw):
    path = tmp_path / "verf.yaml"
    path.write_bytes(raw)
    with pytest.raises(InputError, match=r"verf\.yaml"):
        load_issue(str(path))


def write(folder, **changed):
    path = folder / "verf.yaml"
    path.write_text(yaml.safe_dump(RECORD | changed, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("name", ["verf-nu", "2verf", "verf nu", "vérf", "../verf", "verf,nu"])
def test_a_name_that_is_no_identifier_is_refused(tmp_path, name):
    with pytest.raises(InputError, match=r"verf\.yaml: the name is '.*'; expected letters without accents"):
        load_issue(write(tmp_path, name=name))


@pytest.mark.parametrize(
    ("text", "key"),
    [("name: a\nname: b\n", "'name'"), ("name: a\npro:\n  nl: ja\n  en: yes\n  nl: nee\n", "'nl'")],
)
def test_a_key_that_stands_there_twice_is_refused(tmp_path, text, key):
    path = tmp_path / "verf.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=rf"verf\.yaml, line \d: {key} stands there a second time \(first in line \d"):
        load_issue(str(path))


def test_the_name_of_an_issue_that_ships_stands_for_that(tmp_path):
    with pytest.raises(
        InputError, match=r"verf\.yaml: the name 'no_fly_zone' is that of an issue that ships .*another"
    ):
        load_issue(write(tmp_path, name="no_fly_zone"))
    shipped = load_issue("no_fly_zone")
    copied = load_issue(write(tmp_path, **shipped.record()))
    assert copied == shipped
    # Its definition may be put otherwise.
    variant = load_issue(write(tmp_path, **shipped.record() | {"pro": {"nl": "Ja.", "en": "Yes."}}))
    assert variant != shipped
    assert variant.is_same(shipped)


def test_two_issues_of_one_name_are_refused(tmp_path):
    one = write(tmp_path)
    (tmp_path / "more").mkdir()
    other = write(tmp_path / "more", proposition={"nl": "Verf.", "en": "Paint."})
    assert list(load_issues([one, one])) == ["paint_bridges"]
    with pytest.raises(InputError, match=r"verf\.yaml and .*more/verf\.yaml: two issues of the name 'paint_bridges'"):
        load_issues([one, other])


def test_one_language_is_enough():
    texts = ("proposition", "definition", "pro", "con")
    for language in ("nl", "en", "fr"):
        only = issue_from_record(RECORD | {name: {language: "Ja."} for name in texts}, "x")
        assert only.languages == (language,)
        assert [only.language_for(asked) for asked in ("nl", "en", "de")] == [language] * 3
        assert not only.is_same(issue_from_record(RECORD, "x"))


def test_an_unknown_issue_names_the_nearest_five():
    with pytest.raises(InputError) as caught:
        load_issue("tax")
    said = str(caught.value).partition(" are ")[2].split(", ")
    assert len(said) == 5
    assert {"sugar_tax", "wealth_tax"} < set(said) < set(shipped_issues())


def test_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"weg\.yaml: cannot be read"):
        load_issue(str(tmp_path / "weg.yaml"))
