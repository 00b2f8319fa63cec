"""The configuration of an experiment: schemas that every composed config is held against."""

from __future__ import annotations

import warnings
from dataclasses import asdict, dataclass, field, fields
from typing import Any

import yaml
from hydra.core.config_store import ConfigStore
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from standpunt.errors import InputError, require, unknown_name
from standpunt.evaluation.scores import CLUSTERS
from standpunt.models.base import ModelConfig
from standpunt.models.building import model_config
from standpunt.splits import PROTOCOLS, UNITS, SplitConfig
from standpunt.tasks import get_task

SHARED, ALL = "shared", "all"
SAMPLERS = ("random", "tpe")

# Our settings of launchers have the names of the plugins' own; Hydra holds them against those, and warns that it does.
warnings.filterwarnings("ignore", message=r"\s*'hydra/launcher/", category=UserWarning)


@dataclass
class CorpusConfig:
    """The corpus to train and cross-validate on: a name or a path, the layer whose labels count, the issues (all).

    `path` is the file of a data set that does not ship; such a set, and contrast, has no layers. `also` names corpora
    that are trained on besides and never tested on. `limit_turns` takes that many turns of each by chance, with all
    their rows; a larger number holds the smaller.
    """

    name: str = "???"
    layer: str = "adjudicated"
    issues: list[str] | None = None
    path: str | None = None
    also: list[str] = field(default_factory=list)
    limit_turns: int | None = None

    def __post_init__(self) -> None:
        require(
            self.limit_turns is None or self.limit_turns >= 1,
            "corpus.limit_turns",
            self.limit_turns,
            "1 or more, or null",
        )


@dataclass
class TaskConfig:
    """The task, by name."""

    name: str = "stance"


@dataclass
class EvaluationConfig:
    """What is resampled for the intervals, how often, and the corpora the final model is tested on besides.

    `cluster`: by default the unit that the protocol leaves out, see `evaluation.resampling.cluster_for`. `issues`: of
    those corpora, the issues it was trained on ("shared") or all of them ("all"); of data sets whose issues are their
    own always all.
    """

    cluster: str | None = None
    resamples: int = 1000
    confidence: float = 0.95
    test: list[str] = field(default_factory=list)
    issues: str = SHARED

    def __post_init__(self) -> None:
        require(self.issues in (SHARED, ALL), "evaluation.issues", self.issues, f"{SHARED} or {ALL}")
        known = self.cluster is None or self.cluster in CLUSTERS
        require(known, "evaluation.cluster", self.cluster, f"one of {', '.join(CLUSTERS)}, or null")
        require(self.resamples >= 1, "evaluation.resamples", self.resamples, "1 or more")
        require(0 < self.confidence < 1, "evaluation.confidence", self.confidence, "a number between 0 and 1")


@dataclass
class TrackerConfig:
    """Where curves are written besides, by name: none, tensorboard, or one of the user's; see `experiment.tracking`."""

    name: str = "none"


@dataclass
class SearchConfig:
    """A search for good settings, see `standpunt.experiment.search` and docs/sweeps.md.

    `space` has a list of values, or `low` and `high` (and `log`, `step`), for each key that is searched. Dev rows are
    about `share` of the values of `unit` in the training rows.
    """

    sampler: str | None = None
    trials: int = 20
    space: dict[str, Any] = field(default_factory=dict)
    unit: str = "speaker"
    share: float = 0.25
    seed: int = 0

    def __post_init__(self) -> None:
        known = self.sampler is None or self.sampler in SAMPLERS
        require(known, "search.sampler", self.sampler, f"one of {', '.join(SAMPLERS)}, or null")
        require(self.trials >= 1, "search.trials", self.trials, "1 or more")
        require(self.unit in UNITS, "search.unit", self.unit, f"one of {', '.join(UNITS)}")
        require(0 < self.share < 1, "search.share", self.share, "a number between 0 and 1")
        require(self.seed >= 0, "search.seed", self.seed, "0 or more")


@dataclass
class PathsConfig:
    """Where runs go, where transcripts are looked for, and the folder of data sets that do not ship."""

    runs: str = "runs"
    transcripts: str | None = None
    data: str = "data"


@dataclass
class Config:
    """An experiment. `model` and `split` are held against the schemas of the family and the protocol that they name.

    `limit_rows` takes that many rows of each corpus, those tested on too, spread evenly over it; `limit_folds` runs so
    many of the protocol's folds. Both are for quick looks.
    """

    name: str = "???"
    seed: int = 0
    corpus: CorpusConfig = field(default_factory=CorpusConfig)
    task: TaskConfig = field(default_factory=TaskConfig)
    split: Any = field(default_factory=SplitConfig)
    model: Any = "???"
    evaluation: EvaluationConfig = field(default_factory=EvaluationConfig)
    paths: PathsConfig = field(default_factory=PathsConfig)
    tracker: TrackerConfig = field(default_factory=TrackerConfig)
    search: SearchConfig = field(default_factory=SearchConfig)
    save_model: bool = True
    limit_rows: int | None = None
    limit_folds: int | None = None
    fail_fast: bool = False

    def __post_init__(self) -> None:
        require(
            _names_a_folder(self.name),
            "name",
            repr(self.name),
            "a name, or names with / between, of a folder in paths.runs",
        )
        require(self.seed >= 0, "seed", self.seed, "0 or more")
        for name in ("limit_rows", "limit_folds"):
            value = getattr(self, name)
            require(value is None or value >= 1, name, value, "1 or more, or null")
        get_task(self.task.name)
        test = self.evaluation.test
        require(self.corpus.name not in test, "evaluation.test", test, f"corpora other than {self.corpus.name}")


def register_schema() -> None:
    """Make the schema known to Hydra; configs/config.yaml names it first in its defaults.

    It leaves open what a model and a split can be told, whether their YAML names it or not: which settings there are is
    for the class of the family and of the protocol to say (`to_config`).
    """
    schema = OmegaConf.structured(Config)
    for name in ("model", "split"):
        schema[name] = {}
        OmegaConf.set_struct(schema[name], False)
    ConfigStore.instance().store(name="schema", node=schema)


def to_config(composed: DictConfig) -> Config:
    """Hold a composed configuration against the schemas and return it as data classes, interpolations resolved.

    A key that was added with `+` passes Hydra's own check; it does not pass here.

    Raises:
        InputError: an unknown key, a value of the wrong type, or a value that is missing; the message names the key.
    """
    try:
        plain = OmegaConf.to_container(composed, resolve=True)
        assert isinstance(plain, dict)
        plain.pop("hydra", None)
        model, split = plain.pop("model", None), plain.pop("split", None)
        merged = OmegaConf.merge(OmegaConf.structured(Config), plain)
        merged.model = merged.split = None
        config = OmegaConf.to_object(merged)
        assert isinstance(config, Config)
        config.model, config.split = _model_config(model), _split_config(split)
    except OmegaConfBaseException as error:
        raise config_error(error) from None
    return config


def to_yaml(config: Config) -> str:
    """Return a configuration as it is shown, and kept with a run: every setting, those left at their defaults too."""
    return yaml.safe_dump(asdict(config), sort_keys=False, allow_unicode=True)


def config_error(error: OmegaConfBaseException, prefix: str = "") -> InputError:
    """Say in one sentence what is wrong with a configuration."""
    key = f"{prefix}{error.full_key}" if error.full_key else prefix.rstrip(".")
    known = [f.name for f in fields(error.object_type)] if hasattr(error.object_type, "__dataclass_fields__") else []
    if type(error).__name__ in ("ConfigKeyError", "ConfigAttributeError") and known:
        return InputError(f"configuration: {unknown_name('key', key, [f'{_parent(key)}{name}' for name in known])}")
    if type(error).__name__ == "MissingMandatoryValue":
        return InputError(f"configuration: {key} has no value; give it one, e.g. {key}=...")
    return InputError(f"configuration: {key}: {str(error).splitlines()[0]}")


def quoted(value: str) -> str:
    """Return a text as a value on Hydra's command line."""
    return "'" + value.replace("'", "\\'") + "'"


def _model_config(model: Any) -> ModelConfig:
    if not isinstance(model, dict) or not isinstance(model.get("family"), str):
        raise InputError("configuration: no model was chosen; add one, e.g. model=tfidf")
    try:
        return model_config(model)
    except OmegaConfBaseException as error:
        raise config_error(error, "model.") from None


def _split_config(split: Any) -> SplitConfig:
    if not isinstance(split, dict) or not isinstance(split.get("name"), str):
        raise InputError("configuration: no split was chosen; add one, e.g. split=leave_one_speaker_out")
    try:
        schema = OmegaConf.structured(PROTOCOLS.get(split["name"]).settings_class)
        config = OmegaConf.to_object(OmegaConf.merge(schema, split))
    except OmegaConfBaseException as error:
        raise config_error(error, "split.") from None
    assert isinstance(config, SplitConfig)
    return config


def _names_a_folder(name: str) -> bool:
    """Tell whether a name stays inside the folder that it is put behind, on every system."""
    return all(part.strip(". ") for part in name.split("/")) and not set(name) & {*"\\:\0\n\r"}


def _parent(key: str) -> str:
    return key.rpartition(".")[0] + "." if "." in key else ""
