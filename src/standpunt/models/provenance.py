"""What a model was trained on."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Provenance:
    """What a model was trained on, kept with it: task, corpora, hash of the rows, seed, languages of the texts."""

    task: str = "stance"
    corpora: list[str] = field(default_factory=list)
    rows: int = 0
    data_sha256: str = ""
    seed: int = 0
    languages: list[str] = field(default_factory=list)
