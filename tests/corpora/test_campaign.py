"""The debates of experiments/campaign: their layers, what its page says of them, and the reports if at hand."""

import csv
import os
import re
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from standpunt.annotation.agreement import layer_agreement
from standpunt.annotation.issues import load_issues
from standpunt.annotation.nuance_agreement import nuance_agreement
from standpunt.annotation.sources import SOURCE, Source
from standpunt.corpora.corpus import ADJUDICATED, ISSUES, debate_folders, load_corpus, load_layers
from standpunt.corpora.voted_debates import read_voted_debates, sponsors_of
from standpunt.models.controls.frequencies import PartyConfig, PartyOnly
from standpunt.parliament.coalitions import coalition_on
from standpunt.storage.paths import CORPORA

ROOT = Path(__file__).parents[2]
CAMPAIGN = ROOT / "experiments" / "campaign"
DATA = Path(os.environ.get("STANDPUNT_DATA") or "/nowhere")
REPORTS = DATA / "debates"
HELD = "tk-held"
PLACES = {  # of a corpus, the folder or files of its reports
    "denhaag": ("denhaag",),
    "tk-2024": ("tk_2024",),
    "tk-2025": ("tk_likich",),
    HELD: (
        "tk_2024/26cb6cf6-75e8-40b5-918a-00c6482819c8.txt.gz",
        "denhaag/notulen-13-november-2024.txt.gz",
        "tk_likich/turns.jsonl.gz",
    ),
}
HOUSES = {"The Hague": ("denhaag",), "Tweede Kamer": ("tk-2024", "tk-2025")}
STANCES = ("favor", "against", "neutral")
NONE = "not addressed"
DEBATES = [folder for corpus in PLACES for folder in debate_folders(CAMPAIGN / corpus)]
needs_reports = pytest.mark.skipif(
    not REPORTS.is_dir(), reason="the reports do not ship; set STANDPUNT_DATA to the folder of debates/"
)


def name_of(folder: Path) -> str:
    """The debate as the page names it."""
    return f"{folder.parent.name}/{folder.name}"


@cache
def table(first: str) -> dict[str, list[str]]:
    """The cells of the table of the page whose header begins with `first`, by their first cell, without marks."""
    lines = (CAMPAIGN / "README.md").read_text().splitlines()
    begin = next(place for place, line in enumerate(lines) if line.startswith(f"| {first} |"))
    rows: dict[str, list[str]] = {}
    for line in lines[begin + 2 :]:
        if not line.startswith("|"):
            break
        cells = [cell.strip().replace(",", "") for cell in line.strip("|").split("|")]
        rows[cells[0]] = cells[1:]
    return rows


@cache
def page() -> str:
    """The page in one line."""
    return " ".join((CAMPAIGN / "README.md").read_text().split())


@cache
def labels_of(folder: Path) -> list[tuple[str, str, str, bool]]:
    """For each pair that a pass labelled: both labels, the adjudicated one, whether the first spans are the same."""
    layers = load_layers(folder)
    one, other, decided = (
        {(label.turn, label.issue): label for label in layers[name].labels} for name in ("lm-a", "lm-b", ADJUDICATED)
    )
    assert decided.keys() <= one.keys() | other.keys()
    return [
        (
            one[pair].label if pair in one else NONE,
            other[pair].label if pair in other else NONE,
            decided[pair].label if pair in decided else NONE,
            pair in one and pair in other and one[pair].evidence[0] == other[pair].evidence[0],
        )
        for pair in one.keys() | other.keys()
    ]


def all_labels() -> list[tuple[str, str, str, bool]]:
    return [labels for folder in DEBATES for labels in labels_of(folder)]


@cache
def rows_of(corpus: str) -> list[dict[str, Any]]:
    """The rows of a corpus with their text."""
    places = os.pathsep.join(str(REPORTS / place) for place in PLACES[corpus])
    return load_corpus(str(CAMPAIGN / corpus), transcripts=places).rows().to_list()


def test_the_page_has_every_debate():
    assert {name_of(folder) for folder in DEBATES} | {"sum", "without tk-held"} == set(table("debate"))
    assert len(DEBATES) == 19
    assert len(debate_folders(CAMPAIGN / HELD)) == 3


@pytest.mark.parametrize("folder", DEBATES, ids=name_of)
def test_what_both_passes_say_stands_and_the_page_says_how_much_it_is(folder):
    labels = labels_of(folder)
    assert all(decided == one for one, other, decided, _ in labels if one == other)
    assert table("debate")[name_of(folder)][:7] == counts_of([folder])


@pytest.mark.parametrize("name", ["sum", "without tk-held"])
def test_the_page_sums_up(name):
    folders = [folder for folder in DEBATES if name == "sum" or folder.parent.name != HELD]
    assert table("debate")[name][:7] == counts_of(folders)


def counts_of(folders: list[Path]) -> list[str]:
    """Issues, pairs, favor, against, neutral, the share of against, and the agreement, as the page has them."""
    issues = sum(len({label.issue for label in load_layers(folder)[ADJUDICATED].labels}) for folder in folders)
    labels = [item for folder in folders for item in labels_of(folder)]
    counts = Counter(decided for _, _, decided, _ in labels if decided != NONE)
    pairs = sum(counts.values())
    same = sum(one == other for one, other, _, _ in labels)
    share = f"{counts['against'] / pairs:.0%}".replace("%", " %")
    return [str(issues), str(pairs), *(str(counts[label]) for label in STANCES), share, f"{same} of {len(labels)}"]


def passes() -> dict[Path, Any]:
    return {
        folder: (Source.load(folder / SOURCE), [load_layers(folder)[name] for name in ("lm-a", "lm-b")])
        for folder in DEBATES
    }


def test_alpha_is_what_the_page_says():
    members = passes()
    for folder, member in members.items():
        assert table("debate")[name_of(folder)][7].startswith(alpha([member]))
    kept = [member for folder, member in members.items() if folder.parent.name != HELD]
    assert table("debate")["sum"][7].startswith(alpha(list(members.values())))
    assert table("debate")["without tk-held"][7].startswith(alpha(kept))
    assert f"Over the 2,982 pairs that both labelled it is {alpha(list(members.values()), 'stance_alpha')} " in page()


def test_agreement_on_the_finer_fields_is_what_the_page_says():
    fields = {record["field"]: record for record in nuance_agreement(list(passes().values()), resamples=1)}
    assert (fields["leaning"]["pairs"], fields["strength"]["pairs"]) == (2982, 2624)
    for name, begin in (
        ("leaning", "leaning"),
        ("strength", "strength (2,624 pairs in which both lean)"),
        ("conditional", "conditional"),
        ("asks", "asks"),
    ):
        assert f"{begin} {fields[name]['alpha']:.2f} [" in page()


def alpha(members: list[Any], name: str = "alpha") -> str:
    value = layer_agreement(members, resamples=1)[-1][name]
    assert isinstance(value, float)
    return f"{value:.2f}"


def test_where_the_passes_differ_is_what_the_page_says():
    pairs = Counter((one, other) for one, other, _, _ in all_labels())
    for one in (*STANCES, NONE):
        cells = [str(pairs[one, other]) if (one, other) != (NONE, NONE) else "" for other in (*STANCES, NONE)]
        assert table("first pass \\ second pass")[one] == cells
    for label in STANCES:
        given = sum(count * ((one == label) + (other == label)) for (one, other), count in pairs.items())
        assert f"{label} {2 * pairs[label, label] / given:.2f}" in page()


def test_how_the_third_reading_decided_is_what_the_page_says():
    for name, folders in (
        ("first eight", [folder for folder in DEBATES if name_of(folder) in EIGHT]),
        ("other eleven", [folder for folder in DEBATES if name_of(folder) not in EIGHT]),
        ("all", DEBATES),
    ):
        disputed = [item for folder in folders for item in labels_of(folder) if item[0] != item[1]]
        kinds = Counter(kind_of(one, other) for one, other, _, _ in disputed)
        taken = Counter(1 if decided == one else 2 if decided == other else 0 for one, other, decided, _ in disputed)
        assert table("disputed pairs")[name] == [
            str(number)
            for number in (
                len(disputed),
                kinds["neutral or not addressed"],
                kinds["a side or not addressed"],
                kinds["a side or neutral"],
                kinds["favor or against"],
                taken[1],
                taken[2],
                taken[0],
            )
        ]


EIGHT = {
    *(name_of(folder) for folder in debate_folders(CAMPAIGN / "denhaag")),
    "tk-2024/2024-10-17-begroting-lvvn",
    "tk-2024/2024-volkshuisvesting",
}


def kind_of(one: str, other: str) -> str:
    """What a disputed pair is disputed between."""
    said = {one, other}
    if said == {"favor", "against"}:
        return "favor or against"
    if NONE in said:
        return "neutral or not addressed" if "neutral" in said else "a side or not addressed"
    return "a side or neutral"


def test_how_often_they_chose_the_same_first_span_is_what_the_page_says():
    labels = all_labels()
    same = [span for one, other, _, span in labels if one == other]
    assert f"On {sum(same):,} of the {len(same):,} pairs on which both agree" in page()


@pytest.mark.parametrize("corpus", PLACES)
def test_every_issue_is_defined_beside_the_layers_and_labelled(corpus):
    defined = load_issues(str(path) for path in sorted((CAMPAIGN / corpus / ISSUES).glob("*.yaml")))
    labelled = {
        label.issue for folder in debate_folders(CAMPAIGN / corpus) for label in load_layers(folder)[ADJUDICATED].labels
    }
    assert labelled == set(defined)


@pytest.mark.slow
@needs_reports
@pytest.mark.parametrize("corpus", PLACES)
def test_labels_belong_to_the_reports(corpus):
    rows = rows_of(corpus)
    assert len(rows) == sum(
        decided != NONE for folder in debate_folders(CAMPAIGN / corpus) for _, _, decided, _ in labels_of(folder)
    )
    for row in rows:
        assert row["evidence"], row["id"]
        assert all(row["text"][start:end].strip() for start, end in row["evidence"]), row["id"]


@pytest.mark.slow
@needs_reports
def test_the_spread_is_what_the_page_says():
    for house, corpora in HOUSES.items():
        rows = [row for corpus in corpora for row in rows_of(corpus)]
        by_party = defaultdict(Counter)
        by_issue = defaultdict(set)
        for row in rows:
            if row["party"] and row["label"] != "neutral":
                by_party[row["party"]][row["label"]] += 1
                by_issue[row["party"], row["debate"], row["issue"]].add(row["label"])
        shown = {key: cells for key, cells in table(f"party ({house})").items() if key != "others"}
        assert set(shown) == {party for party, counts in by_party.items() if sum(counts.values()) >= 20}
        for party, cells in shown.items():
            sides = Counter(
                min(said) if len(said) == 1 else "both" for key, said in by_issue.items() if key[0] == party
            )
            counts = by_party[party]
            assert cells == [str(number) for number in (counts["favor"], counts["against"])] + [
                str(sides[side]) for side in ("favor", "against", "both")
            ]
        for kind, cells in table(f"turns ({house})").items():
            assert cells == shares([row for row in rows if in_group(row, kind)]), kind


@pytest.mark.slow
@needs_reports
def test_what_the_party_alone_tells_is_what_the_page_says():
    for house, corpora in HOUSES.items():
        rows = [row for corpus in corpora for row in rows_of(corpus)]
        right = against = 0
        for debate in {row["debate"] for row in rows}:
            model = PartyOnly(PartyConfig(), STANCES, {})
            tested = [row for row in rows if row["debate"] == debate]
            model.fit([row for row in rows if row["debate"] != debate], None, seed=0)
            told = [model.labels[place] for place in model.predict_proba(tested).argmax(axis=1)]
            right += sum(label == row["label"] for label, row in zip(told, tested, strict=True))
            against += sum(row["label"] == "against" for row in tested)
        assert re.search(rf"{right / len(rows):.2f} \[[^]]+\] in (the )?{house}", page())
        always = re.search(r"always saying \"against\" has (.+?)\. Macro", page())
        assert always is not None
        assert f"{against / len(rows):.2f}" in always[1]
        sides = [row for row in rows if row["party"] and row["label"] != "neutral"]
        common = Counter((row["party"], row["label"]) for row in sides)
        own = sum(max(common[party, "favor"], common[party, "against"]) for party in {row["party"] for row in sides})
        assert re.search(rf"{own / len(sides):.0%}".replace("%", " %") + rf".{{0,40}} in (the )?{house}", page())


def shares(rows: list[dict[str, Any]]) -> list[str]:
    counts = Counter(row["label"] for row in rows)
    share = f"{counts['against'] / len(rows):.0%}".replace("%", " %")
    return [str(len(rows)), *(str(counts[label]) for label in STANCES), share]


def in_group(row: dict[str, Any], name: str) -> bool:
    """Whether a row is among those of a line of the table of turns."""
    member = row["role"] == "member"
    governs = row["party"] in coalition_on(row["date"])
    groups = {
        "speeches of 400 words and more": row["kind"] == "speech" and len(row["text"].split()) >= 400,
        "members of coalition parties": member and governs,
        "members of opposition parties": member and not governs,
        "cabinet": not member,
        "aldermen": not member,
    }
    return groups.get(
        name, row["kind"] == {"replies": "reply"}.get(name, name.removesuffix("s").replace("speeche", "speech"))
    )


def votes() -> list[dict[str, str]]:
    with open(CAMPAIGN / "votes.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_labels_beside_votes_are_those_of_the_layers_and_the_page_counts_them():
    layers = {folder.name: load_layers(folder)[ADJUDICATED].by_pair() for folder in DEBATES}
    counts: dict[str, Counter[tuple[str, str]]] = {"no": Counter(), "yes": Counter()}
    for row in votes():
        assert layers[row["debate"]][int(row["turn"]), row["issue"]] == row["label"]
        counts[row["signed"]][said(row), row["vote"]] += 1
    for name, label in (("for it", "for"), ("against it", "against"), ("neutral", "neutral")):
        cells = [str(counts[signed][label, vote]) for signed in ("no", "yes") for vote in ("Voor", "Tegen")]
        assert table("last label on the request")[name] == cells
    assert f"{len({(row['debate'], row['issue']) for row in votes()})} issues of the 76" in page()
    assert f"{len(votes())} rows, {sum(row['signed'] == 'yes' for row in votes())} of them" in page()
    free = counts["no"]
    same, sided = (
        free["for", "Voor"] + free["against", "Tegen"],
        [key for key in free.elements() if key[0] != "neutral"],
    )
    assert f"Of the {len(sided)} parties that did not sign and had taken a side, {same} voted accordingly" in page()
    assert f"Of the {len(sided) - same} others, {free['for', 'Tegen']} had spoken for" in page()


def said(row: dict[str, str]) -> str:
    """What a label says of the motion: an issue may be what it asks for, or the opposite."""
    if row["label"] == "neutral":
        return "neutral"
    return "for" if row["label"] == row["asks_for"] else "against"


@pytest.mark.slow
@needs_reports
def test_labels_beside_votes_are_of_the_last_turns_and_the_votes_of_the_source():
    read = read_voted_debates(DATA)
    known = {match.voted.id: match.voted for item in read.debates for match in item.matches}
    last: dict[tuple[str, str], dict[str, dict[str, Any]]] = defaultdict(dict)
    for row in (*rows_of("tk-2024"), *rows_of("tk-2025")):
        if row["role"] == "member":
            last[row["debate"], row["issue"]][row["party"]] = row
    wanted = []
    for debate, issue, motion, asks_for in dict.fromkeys(
        (row["debate"], row["issue"], row["motion"], row["asks_for"]) for row in votes()
    ):
        voted = known[motion]
        for party, row in last[debate, issue].items():
            if party in voted.votes:
                signed = "yes" if party in sponsors_of(voted, read.members) else "no"
                turn = str(row["ordinal"])
                wanted.append([debate, issue, motion, asks_for, party, signed, turn, row["label"], voted.votes[party]])
    assert [list(row.values()) for row in votes()] == wanted


def names_held(value: object) -> bool:
    """Whether something in a configuration names the debates that are held back."""
    if isinstance(value, dict):
        return any(names_held(item) for pair in value.items() for item in pair)
    if isinstance(value, list):
        return any(map(names_held, value))
    return (
        isinstance(value, str)
        and re.search(r"tk.held|registratieplicht|begroting-jenv|programmabegroting", value) is not None
    )


def misuses(config: dict[str, Any]) -> list[str]:
    """What a configuration does with the debates that are held back besides testing on them."""
    if not names_held(config):
        return []
    found = []
    rest = {key: value for key, value in config.items() if key not in ("evaluation", "search", "hydra", "defaults")}
    evaluation = {key: value for key, value in (config.get("evaluation") or {}).items() if key != "test"}
    swept = (((config.get("hydra") or {}).get("sweeper") or {}).get("params")) or {}
    defaults = [item for item in config.get("defaults") or [] if isinstance(item, dict)]
    if names_held(rest) or names_held(evaluation) or names_held(defaults):
        found.append("names them outside evaluation.test")
    if names_held({key: value for key, value in swept.items() if key != "evaluation.test"}):
        found.append("sweeps over them outside evaluation.test")
    searches = [value for item in defaults for key, value in item.items() if key.split()[-1].strip("/") == "search"]
    if config.get("search") or any(value != "none" for value in searches):
        found.append("searches for settings")
    if any(str(key).lstrip("+").startswith(("model.", "search")) for key in swept):
        found.append("sweeps over the settings of a model")
    return found


def test_no_configuration_trains_on_what_is_held_back_or_chooses_on_it():
    paths = [*ROOT.glob("configs/**/*.yaml"), *ROOT.glob("experiments/**/*.yaml")]
    configs = {path: yaml.safe_load(path.read_text()) or {} for path in paths if ISSUES not in path.parts}
    configs = {path: config for path, config in configs.items() if path.parent != CAMPAIGN / HELD}
    assert len(configs) > 40
    assert {str(path.relative_to(ROOT)): found for path, config in configs.items() if (found := misuses(config))} == {}


@pytest.mark.parametrize(
    ("config", "found"),
    [
        ({"evaluation": {"test": ["experiments/campaign/tk-held"]}}, 0),
        (
            {
                "evaluation": {"test": ["tk-held"]},
                "hydra": {"sweeper": {"params": {"model": "tfidf,poles", "seed": "0,1"}}},
            },
            0,
        ),
        ({"corpus": {"name": "experiments/campaign/tk-held"}}, 1),
        ({"corpus": {"also": ["../campaign/tk-held/"]}, "evaluation": {"test": []}}, 1),
        ({"name": "x/2025-registratieplicht"}, 1),
        ({"defaults": [{"override corpus": "tk_held"}]}, 1),
        ({"defaults": [{"override search": "tpe"}], "evaluation": {"test": ["tk-held"]}}, 1),
        ({"search": {"space": {"model.c": [1, 2]}}, "evaluation": {"test": ["tk-held"]}}, 1),
        ({"evaluation": {"test": ["tk-held"]}, "hydra": {"sweeper": {"params": {"model.c": "1,2"}}}}, 1),
        ({"hydra": {"sweeper": {"params": {"corpus.name": "fictional,tk-held"}}}}, 1),
    ],
)
def test_misuse_is_seen(config, found):
    assert len(misuses(config)) == found


def test_what_is_held_back_is_in_no_other_corpus():
    held = {Source.load(folder / SOURCE).sha256 for folder in debate_folders(CAMPAIGN / HELD)}
    others = [*CORPORA.glob(f"**/{SOURCE}"), *(folder / SOURCE for folder in DEBATES if folder.parent.name != HELD)]
    assert len(others) > 16
    assert not held & {Source.load(path).sha256 for path in others}


@pytest.mark.slow
@needs_reports
def test_the_votes_of_what_is_held_back_teach_nobody():
    read = read_voted_debates(DATA)
    digests = {digest for item in read.debates for digest in item.debate.turn_digests}
    for folder in debate_folders(CAMPAIGN / HELD):
        members = [turn.digest for turn in Source.load(folder / SOURCE).turns if turn.role == "member"]
        assert len(members) > 50
        assert sum(digest in digests for digest in members) < 0.05 * len(members)
    assert read.left_out["in a debate that is held back to test on"] == 41


def test_the_card_of_what_is_held_back_says_so():
    card = " ".join((CAMPAIGN / HELD / "README.md").read_text().split())
    assert "No study may use it to choose anything" in card
    for folder in debate_folders(CAMPAIGN / HELD):
        cells = table("debate")[name_of(folder)]
        assert f"| {folder.name} | {' | '.join(cells[:5])} |" in card
    labels = [item for folder in debate_folders(CAMPAIGN / HELD) for item in labels_of(folder)]
    disputed = [item for item in labels if item[0] != item[1]]
    assert f"agree on {len(labels) - len(disputed)} of {len(labels)} pairs" in card
    first = sum(decided == one for one, _, decided, _ in disputed)
    second = sum(decided == other for _, other, decided, _ in disputed)
    assert f"took the label of the first {first} times, of the second {second} times" in card
