"""The fictional parliament is as large, as balanced and as varied as its card says."""

import re
from collections import Counter, defaultdict
from itertools import combinations

import pytest

from standpunt.annotation.arguments import ArgumentLayer
from standpunt.corpora.corpus import ADJUDICATED, corpus_folder, load_corpus
from standpunt.parliament.votes import join_votes, read_votes

FOLDER = corpus_folder("fictional")
EARLY = ("2031-03-04-luchtverdediging", "2031-06-17-veiligheidsgaranties", "2031-10-08-sancties-en-energie")


@pytest.fixture(scope="module")
def corpus():
    return load_corpus("fictional")


def test_size_and_balance(corpus):
    labels = [label for item in corpus.debates for label in item.layer(ADJUDICATED).labels]
    counts = Counter(label.label for label in labels)
    assert len(corpus.debates) >= 40
    assert sum(len(item.debate.turns) for item in corpus.debates) >= 1200
    assert len(corpus.issues) >= 24
    assert len(labels) >= 3000
    assert counts["against"] >= 900
    assert counts["neutral"] >= 600


def test_every_issue_has_every_label(corpus):
    found = defaultdict(set)
    for item in corpus.debates:
        for label in item.layer(ADJUDICATED).labels:
            found[label.issue].add(label.label)
    assert {issue for issue, labels in found.items() if len(labels) < 3} == set()


def test_every_debate_was_read_twice(corpus):
    for item in corpus.debates:
        assert {"lm-a", "lm-b", ADJUDICATED} <= item.layers.keys(), item.name


def test_no_two_turns_are_alike(corpus):
    """Word five-grams that two turns share, as a part of the shorter one's; formulas of the House are short."""
    grams = {}
    where = defaultdict(list)
    for item in corpus.debates:
        for turn in item.debate.turns:
            words = re.findall(r"\w+", turn.text.casefold())
            if turn.speaker.role != "chair" and turn.kind != "motion" and len(words) >= 20:
                key = (item.name, turn.ordinal)
                grams[key] = {tuple(words[at : at + 5]) for at in range(len(words) - 4)}
                for gram in grams[key]:
                    where[gram].append(key)
    shared = Counter(pair for keys in where.values() if len(keys) < 50 for pair in combinations(keys, 2))
    alike = {
        pair: round(count / min(len(grams[key]) for key in pair), 2)
        for pair, count in shared.items()
        if count / min(len(grams[key]) for key in pair) > 0.3
    }
    assert alike == {}


def test_motions_have_advice_and_votes(corpus):
    for item in corpus.debates:
        if item.name in EARLY:
            continue
        votes = read_votes(FOLDER / item.name / "votes.jsonl")
        joined = join_votes(item.debate.motions, votes)
        assert len(joined) >= 4
        assert all(vote is not None for _, vote in joined), item.name
        assert sum(motion.advice is not None for motion in item.debate.motions) >= len(joined) - 1, item.name


def test_arguments_cover_every_turn(corpus):
    for item in corpus.debates:
        spoken = {turn.ordinal for turn in item.debate.turns if turn.speaker.role != "chair"}
        for path in sorted((FOLDER / item.name).glob("arguments.*.jsonl")):
            layer = ArgumentLayer.load(path)
            layer.check(item.debate, item.source, str(path))
            assert set(layer.turns) == spoken, path.name


def test_no_member_sits_in_two_parties(corpus):
    parties = defaultdict(set)
    for item in corpus.debates:
        for turn in item.debate.turns:
            if turn.speaker.role == "member":
                parties[turn.speaker.name].add(turn.speaker.party)
    assert {name: found for name, found in parties.items() if len(found) > 1} == {}
