"""Model families by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from standpunt.registry import Registry

if TYPE_CHECKING:
    from standpunt.models.base import Model

FAMILIES: Registry[type[Model]] = Registry(
    "model family",
    "standpunt.models",
    {
        "blend": "standpunt.models.combined.blend:Blend",
        "collective": "standpunt.models.collective.family:Collective",
        "cross_encoder": "standpunt.models.finetuned.cross_encoder:CrossEncoder",
        "embeddings": "standpunt.models.frozen.embeddings:Embeddings",
        "issue": "standpunt.models.controls.frequencies:IssueOnly",
        "llm": "standpunt.models.llm.family:Llm",
        "majority": "standpunt.models.controls.majority:Majority",
        "nli": "standpunt.models.finetuned.nli:Nli",
        "party": "standpunt.models.controls.frequencies:PartyOnly",
        "poles": "standpunt.models.frozen.poles:Poles",
        "position": "standpunt.models.controls.position:Position",
        "tfidf": "standpunt.models.tfidf:Tfidf",
        "two_stage": "standpunt.models.combined.two_stage:TwoStage",
    },
)
