"""Which of the debates a model was trained on: how their parties voted tests it less, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from standpunt.annotation.recorded import digest_text
from standpunt.annotation.sources import SOURCE, Source
from standpunt.corpora.corpus import corpus_folder, debate_folders, shipped_corpora
from standpunt.corpora.outside.data_set import DATA_SETS
from standpunt.corpora.voted_debates import VotedDebate, spoken
from standpunt.errors import InputError
from standpunt.models.base import Model
from standpunt.results.runs import Run
from standpunt.storage.paths import experiments_dir

VOTES, MOTION_PAIRS = "votes", "motion_pairs"
_SAME = 0.5  # share of the turns of a debate that a corpus has too, from which it has the debate


def debates_seen(model: Model, name: str, debates: Sequence[VotedDebate]) -> set[str]:
    """Return the names of those debates that a model was trained on labelled turns of.

    Args:
        model: with the corpora that it was trained on.
        name: of the model, for messages.
        debates: whose votes are predicted.

    Raises:
        InputError: the model was trained on the votes or on turns with the motions of these debates, or a corpus that
            it was trained on is not at hand.
    """
    if known := {VOTES, MOTION_PAIRS} & model.corpora_behind:
        raise InputError(
            f"{name}: it was trained on data set {min(known)}, which has the motions that are voted on here; give "
            "--run with a run that holds each debate out instead, or a model that was not"
        )
    return _having(model.corpora_behind, name, debates)


def answers_of_run(name: str, run: Run, debates: Sequence[VotedDebate]) -> pd.DataFrame:
    """Return what a run says of the votes, after making sure that no answer is of a model that knew the debate.

    Args:
        name: of the run, for messages.
        run: on data set `votes`.
        debates: whose votes are predicted.

    Returns:
        Its predictions of the data set.

    Raises:
        InputError: the run is not on the data set, does not hold each debate out that it tests, or was also trained on
            labelled turns or motions of the debates.
    """
    corpus = run.config()["corpus"]
    also = {*corpus.get("also", [])}
    if corpus["name"] != VOTES:
        raise InputError(f"{name}: the run divides corpus {corpus['name']}; expected one on corpus {VOTES}")
    if also & {VOTES, MOTION_PAIRS} or _having(also, name, debates):
        raise InputError(
            f"{name}: corpus.also has debates or motions that are voted on here, so that models knew what they were "
            "tested on; leave these corpora out and run it again"
        )
    said = run.predictions()
    said = said[said["corpus"] == VOTES]
    if not (said["fold"] == said["debate"]).all():
        raise InputError(
            f"{name}: models of the run were trained on votes of the debate that they tell votes of; repeat it with "
            "split=leave_one_debate_out"
        )
    return said


def _having(corpora: Iterable[str], name: str, debates: Sequence[VotedDebate]) -> set[str]:
    """Return the names of the debates that one of some corpora has."""
    found: set[str] = set()
    for corpus in sorted(corpora):
        if corpus in DATA_SETS.names():
            continue  # none but the two above has debates of the Tweede Kamer with their motions
        for folder in debate_folders(_folder(corpus, name)):
            source = Source.load(folder / SOURCE)
            known = {turn.digest for turn in source.turns} | {
                turn.recorded.text for turn in source.turns if turn.recorded
            }
            found |= {item.name for item in debates if _share(item, known) >= _SAME}
    return found


def _share(item: VotedDebate, known: set[str]) -> float:
    """Return the share of the turns of members whose hash, with or without the speaker, is known."""
    digests = dict(zip((turn.id for turn in item.debate.turns), item.debate.turn_digests, strict=True))
    turns = list(spoken(item.debate))
    return sum(bool({digests[turn.id], digest_text(turn.text)} & known) for turn in turns) / max(len(turns), 1)


def _folder(corpus: str, name: str) -> Path:
    if corpus in shipped_corpora():
        return corpus_folder(corpus)
    for place in (Path(corpus), experiments_dir().parent / corpus):
        if place.is_dir():
            return corpus_folder(str(place))
    raise InputError(
        f"{name}: it was trained on corpus {corpus}, which is not here, so that nobody can tell which debates it "
        "knows; call the command where that folder is"
    )
