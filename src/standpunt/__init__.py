"""standpunt: stance and argument classification in parliamentary debate."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from standpunt.analysis.across.collection import stances
    from standpunt.analysis.stance_map import stance_map
    from standpunt.analysis.stances import stances_of_layers, stances_of_predictions
    from standpunt.annotation.issues import Issue, load_issue
    from standpunt.annotation.layers import Layer
    from standpunt.corpora.corpus import Corpus, load_corpus
    from standpunt.debate import Debate, Motion, Speaker, Turn
    from standpunt.estimator import ProtocolSplit, StanceClassifier
    from standpunt.models.base import Model
    from standpunt.prediction.predictor import Predictor, predict_debate
    from standpunt.prediction.texts import predict_texts
    from standpunt.readers import read_debate
    from standpunt.results.comparison import compare
    from standpunt.results.runs import Run

__version__ = "0.1.0"

_WHERE = {
    "Corpus": "corpora.corpus",
    "Debate": "debate",
    "Issue": "annotation.issues",
    "Layer": "annotation.layers",
    "Model": "models.base",
    "Motion": "debate",
    "Predictor": "prediction.predictor",
    "ProtocolSplit": "estimator",
    "Run": "results.runs",
    "Speaker": "debate",
    "StanceClassifier": "estimator",
    "Turn": "debate",
    "compare": "results.comparison",
    "load_corpus": "corpora.corpus",
    "load_issue": "annotation.issues",
    "predict_debate": "prediction.predictor",
    "predict_texts": "prediction.texts",
    "read_debate": "readers",
    "stance_map": "analysis.stance_map",
    "stances": "analysis.across.collection",
    "stances_of_layers": "analysis.stances",
    "stances_of_predictions": "analysis.stances",
}
__all__ = [
    "Corpus",
    "Debate",
    "Issue",
    "Layer",
    "Model",
    "Motion",
    "Predictor",
    "ProtocolSplit",
    "Run",
    "Speaker",
    "StanceClassifier",
    "Turn",
    "compare",
    "load_corpus",
    "load_issue",
    "predict_debate",
    "predict_texts",
    "read_debate",
    "stance_map",
    "stances",
    "stances_of_layers",
    "stances_of_predictions",
]


def __getattr__(name: str) -> object:
    """Import a public name when it is first used: the heavy libraries stay out of `import standpunt`."""
    if name in _WHERE:
        return getattr(import_module(f"standpunt.{_WHERE[name]}"), name)
    raise AttributeError(f"module 'standpunt' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
