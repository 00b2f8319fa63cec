#!/usr/bin/env python3
"""Ask whether a model of comments tells a party's vote from what it said, or wrote before elections: experiments/votes.

Usage: study_vote_comments.py --keep FOLDER [--resamples 2000]

The model is standpunt-comments-gemma. For each motion and party it reads the passages of the party's turns that are
nearest to the request, and the nearest of the answers that the party gave in voting advice before the debate (data set
stemwijzer); the debates are looked for in STANDPUNT_DATA, the encoder in STANDPUNT_ENCODERS. Writes comments.csv and
puts tables into the README. FOLDER keeps what was read, and a run that was stopped goes on from there.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit

from standpunt.analysis.voting.combining import added
from standpunt.analysis.voting.past import Past
from standpunt.analysis.voting.scores import vote_differences, vote_scores
from standpunt.analysis.voting.study import table_of
from standpunt.corpora.loading import load_rows
from standpunt.corpora.voted_debates import VotedDebate, pairs_of, read_voted_debates, spoken, voted_issue
from standpunt.encoders.resolve import resolve_encoder
from standpunt.evaluation.tables import Table
from standpunt.models.base import Model
from standpunt.models.frozen.vector_store import VectorStore
from standpunt.models.frozen.vectors import Vectors, vectors_of
from standpunt.models.shipped import model_folder
from standpunt.models.windows.cutting import windows
from standpunt.storage.files import atomic_path
from standpunt.tasks import get_task
from studies import fill
from study_vote_passages import KEYS, STUDY, cells

MODEL = "standpunt-comments-gemma"
CONTROLS = ("past votes", "past votes, advice, words")
SAID, WROTE = "passages", "answers before elections"
NEAREST = 3  # texts of a party
WORDS = 50  # of a passage
ELECTIONS = {"TK2021-gezondheidswijzer": "2021-03-17", "TK2023": "2023-11-22", "EP2024": "2024-06-06"}
# As the votes name them.
PARTIES = {
    "GL-PvdA": "GroenLinks-PvdA",
    "Partij voor de Dieren": "PvdD",
    "50Plus": "50PLUS",
    "Forum voor Democratie": "FVD",
}
BATCH = 250  # pairs that are read before they are kept
LEAST = 0.0001  # probability


def main() -> None:
    """Read, test, and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep", type=Path, required=True)
    parser.add_argument("--resamples", type=int, default=2000)
    options = parser.parse_args()
    data = Path(os.environ["STANDPUNT_DATA"])
    pairs, asked = pairs_and_texts(data, options.keep)
    sides = read(asked, options.keep)
    report(with_readings(pairs, asked, sides), options.resamples)


def pairs_and_texts(data: Path, keep: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the pairs of motion and party with what is known before, and the texts that are to be read of each.

    The texts are `KEYS`, `source`, `proposition` (the request), `text` and `near` (the cosine of their vectors).
    """
    voted = read_voted_debates(data)
    tables, requests, said = [], {}, []
    for item in voted.debates:
        known, _ = pairs_of(item, voted.members)
        if known:
            past = Past(voted.votes.motions, voted.members, item.day).predict(known)[list(CONTROLS)]
            tables.append(pd.concat([table_of(item, known), past], axis=1))
            requests |= {match.voted.id: voted_issue(match.voted, match.motion) for match in item.matches}
            said += [(item.name, *passage) for passage in passages(item)]
    pairs = pd.concat(tables, ignore_index=True)
    vectors = vectors_of(resolve_encoder("embeddinggemma"), 160, prompt="Classification")
    store = vectors.store(keep / "vectors")
    asked = {motion: issue.proposition["nl"] for motion, issue in requests.items()}
    directions = dict(zip(asked, centred(vectors, store, list(asked.values())), strict=True))
    texts = []
    frame = pd.DataFrame(said, columns=["debate", "party", "text"]).drop_duplicates(ignore_index=True)
    for source, found in ((SAID, frame.assign(asked=frame["text"])), (WROTE, answers_before(data))):
        places = centred(vectors, store, found["asked"].tolist())
        for pair in pairs.itertuples():
            own = found["party"] == pair.party
            own &= found["debate"] == pair.debate if source == SAID else found["day"] < pair.day
            at = np.flatnonzero(own)
            near = places[at] @ directions[pair.motion]
            for place in np.argsort(-near, kind="stable")[:NEAREST]:
                text = found["text"].iloc[at[place]]
                texts.append((pair.motion, pair.party, source, asked[pair.motion], text, near[place]))
    return pairs, pd.DataFrame(texts, columns=[*KEYS, "source", "proposition", "text", "near"])


def answers_before(data: Path) -> pd.DataFrame:
    """Return what national parties answered before elections: `party`, `text`, `asked` (with the statement), `day`."""
    answers = load_rows("stemwijzer", task=get_task("stance"), layer="adjudicated", data=str(data)).rows[:]
    rows = pd.DataFrame(answers)
    rows = rows[rows["debate"].isin(ELECTIONS)]
    return pd.DataFrame(
        {
            "party": rows["party"].replace(PARTIES),
            "text": rows["text"],
            "asked": rows["proposition"] + " " + rows["text"],
            "day": rows["debate"].map(ELECTIONS),
        }
    )


def passages(item: VotedDebate) -> Iterator[tuple[str, str]]:
    """Yield the party and the text of each passage of a debate, motions apart."""
    for turn in spoken(item.debate):
        for start, end in windows(turn.text, WORDS):
            yield turn.speaker.party or "", turn.text[start:end].strip()


def centred(vectors: Vectors, store: VectorStore, texts: Sequence[str]) -> NDArray[np.float32]:
    """Return vectors of length one, less what all of these texts share; shape (n_texts, width)."""
    made = np.asarray(vectors.vectors(texts, store=store), dtype=np.float32)
    made = made - made.mean(axis=0)
    return made / np.linalg.norm(made, axis=1, keepdims=True)


def read(texts: pd.DataFrame, folder: Path) -> pd.DataFrame:
    """Return what the model says of each text: `proposition, text, side`, the log-odds of favor over against."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "comments.parquet"
    columns = ["proposition", "text", "favor", "against"]
    known = pd.read_parquet(path)[columns] if path.exists() else pd.DataFrame(columns=columns)
    wanted = texts[columns[:2]].drop_duplicates()
    new = wanted.merge(known, on=columns[:2], how="left")
    new = new[new["favor"].isna()][columns[:2]]
    model = Model.load(model_folder(MODEL))
    places = [model.labels.index(label) for label in columns[2:]]
    for start in range(0, len(new), BATCH):
        part = new.iloc[start : start + BATCH]
        rows = part.assign(issue="motion", debate="", language="nl").to_dict("records")
        probabilities = model.predict_proba(rows)[:, places]
        known = pd.concat([known, part.assign(favor=probabilities[:, 0], against=probabilities[:, 1])])
        with atomic_path(path) as target:
            known.to_parquet(target, index=False)
        print(f"{start + len(part)} of {len(new)} read", flush=True)
    odds = np.log(known["favor"].astype(float).clip(LEAST)) - np.log(known["against"].astype(float).clip(LEAST))
    return known[columns[:2]].assign(side=odds)


def with_readings(pairs: pd.DataFrame, texts: pd.DataFrame, sides: pd.DataFrame) -> pd.DataFrame:
    """Add the probability of a vote for by each source, one half where a party has no text, and beside the controls."""
    read_of = texts.merge(sides, on=["proposition", "text"])
    for source, part in read_of.groupby("source", sort=False):
        means = part.groupby(KEYS).agg(side=("side", "mean"), near=("near", "max")).reset_index()
        pairs = pairs.merge(means, on=KEYS, how="left")
        pairs[source] = expit(pairs.pop("side").fillna(0.0))
        pairs[f"near, {source}"] = pairs.pop("near")
    for base in CONTROLS:
        for source in (SAID, WROTE):
            pairs[f"{base} + {source}"] = added(pairs, base, [source])
    return pairs


def report(pairs: pd.DataFrame, resamples: int) -> None:
    """Score, and write the figures."""
    beside = [(f"{base} + {source}", base) for base in CONTROLS for source in (SAID, WROTE)]
    names = [CONTROLS[0], SAID, WROTE, *(name for name, base in beside if base == CONTROLS[0])]
    scores = vote_scores(pairs, names, resamples=resamples)
    gains = vote_differences(pairs, beside, resamples=resamples)
    near = pairs[pairs[f"near, {SAID}"] >= pairs[f"near, {SAID}"].quantile(2 / 3)]
    nearest = vote_scores(near, [CONTROLS[0], SAID], resamples=resamples)
    frames = {"scores": scores, "gains": gains, "nearest": nearest}
    pd.concat([frame.assign(table=name) for name, frame in frames.items()]).round(4).to_csv(
        STUDY / "comments.csv", index=False
    )
    tables = [
        laid_out(f"A model of comments ({sizes(pairs)})", "model", scores, "name"),
        laid_out("What it adds", "difference", gains.assign(gain=gains["first"] + " − " + gains["second"]), "gain"),
        laid_out(f"The third whose passages are nearest ({sizes(near)})", "model", nearest, "name"),
    ]
    wrote = pairs[f"near, {WROTE}"].notna().mean()
    note = f"Intervals: 95 % of resamples of whole debates. {wrote:.0%} of the pairs are of parties with answers."
    fill(STUDY.name, [*(table.to_markdown() for table in tables), note], "comments")


def sizes(pairs: pd.DataFrame) -> str:
    """Return how many pairs there are, of how many motions and debates."""
    return f"{len(pairs)} pairs, {pairs['motion'].nunique()} motions, {pairs['debate'].nunique()} debates"


def laid_out(title: str, head: str, scores: pd.DataFrame, column: str) -> Table:
    """Lay scores out, a row for each name in a column."""
    metrics = list(scores["metric"].unique())
    rows = [(str(name), *cells(part, "metric", metrics)) for name, part in scores.groupby(column, sort=False)]
    return Table(title, (head, *metrics), tuple(rows))


if __name__ == "__main__":
    main()
