"""The debates of experiments/campaign: their layers belong together, and to the reports where these are at hand."""

import os
from collections import Counter
from pathlib import Path

import pytest

from standpunt.annotation.issues import load_issues
from standpunt.corpora.corpus import ADJUDICATED, ISSUES, debate_folders, load_corpus, load_layers

CAMPAIGN = Path(__file__).parents[2] / "experiments" / "campaign"
REPORTS = Path(os.environ.get("STANDPUNT_DATA") or "/nowhere") / "debates"
PLACES = {"denhaag": "denhaag", "tk-2024": "tk_2024"}  # of a corpus, the folder of its reports
DEBATES = [folder for corpus in PLACES for folder in debate_folders(CAMPAIGN / corpus)]
PAIRS = {  # favor, against, neutral, as the README says
    "2024-11-28-erfpacht": (33, 78, 47),
    "2025-01-23-badhuisweg": (55, 70, 28),
    "2025-02-13-zero-emissiezone": (87, 118, 51),
    "2025-03-13-strandvisie": (48, 58, 30),
    "2025-04-03-antisemitisme": (19, 32, 20),
    "2025-04-03-parkeerstrategie": (77, 110, 61),
    "2024-10-17-begroting-lvvn": (32, 41, 33),
    "2024-volkshuisvesting": (26, 45, 14),
}


def test_all_debates_are_found():
    assert {folder.name for folder in DEBATES} == set(PAIRS)


@pytest.mark.parametrize("folder", DEBATES, ids=lambda folder: folder.name)
def test_what_both_passes_say_stands_and_nothing_is_added(folder):
    layers = {name: layer.by_pair() for name, layer in load_layers(folder).items()}
    decided = layers.pop(ADJUDICATED)
    one, other = layers.values()
    assert decided.keys() <= one.keys() | other.keys()
    assert all(decided[pair] == one[pair] for pair in one.keys() & other.keys() if one[pair] == other[pair])
    counts = Counter(decided.values())
    assert (counts["favor"], counts["against"], counts["neutral"]) == PAIRS[folder.name]


@pytest.mark.parametrize("corpus", PLACES)
def test_every_issue_is_defined_beside_the_layers_and_labelled(corpus):
    defined = load_issues(str(path) for path in sorted((CAMPAIGN / corpus / ISSUES).glob("*.yaml")))
    labelled = {
        label.issue for folder in debate_folders(CAMPAIGN / corpus) for label in load_layers(folder)[ADJUDICATED].labels
    }
    assert labelled == set(defined)


@pytest.mark.skipif(
    not REPORTS.is_dir(), reason="the reports do not ship; set STANDPUNT_DATA to the folder of debates/"
)
@pytest.mark.parametrize("corpus", PLACES)
def test_labels_belong_to_the_reports(corpus):
    rows = load_corpus(str(CAMPAIGN / corpus), transcripts=REPORTS / PLACES[corpus]).rows()
    assert len(rows) == sum(sum(PAIRS[folder.name]) for folder in debate_folders(CAMPAIGN / corpus))
    for row in rows:
        assert row["evidence"], row["id"]
        assert all(row["text"][start:end].strip() for start, end in row["evidence"]), row["id"]
