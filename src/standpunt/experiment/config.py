"""The configuration of an experiment: schemas that every composed config is held against."""

from __future__ import annotations

import math
import re
import warnings
from dataclasses import asdict, dataclass, field, fields
from difflib import get_close_matches
from typing import Any

import yaml
from hydra.core.config_store import ConfigStore
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from standpunt.errors import InputError, require
from standpunt.evaluation.scores import CLUSTERS
from standpunt.models.base import ModelConfig
from standpunt.models.building import model_config
from standpunt.splits import PROTOCOLS, UNITS, SplitConfig
from standpunt.tasks import get_task

SHARED, ALL = "shared", "all"
SAMPLERS = ("random", "tpe")
# What OmegaConf says of a value of the wrong type, and what was expected.
_EXPECTED = {
    r"Value '(.*)' of type '\w+' could not be converted to Integer": "a whole number",
    r"Value '(.*)' of type '\w+' could not be converted to Float": "a number",
    r"Value '(.*)' is not a valid bool": "true or false",
    r"Cannot convert '\w+' to string: '(.*)'": "a text",
    r"is not a ListConfig, list or tuple": "a list, [A,B]",
    r"is not a Dict|Cannot assign \w+ to|Cannot merge DictConfig": "settings, {KEY: VALUE}",
}

# Our settings of launchers have the names of the plugins' own; Hydra holds them against those, and warns that it does.
warnings.filterwarnings("ignore", message=r"\s*'hydra/launcher/", category=UserWarning)


@dataclass
class CorpusConfig:
    """The corpus to train and cross-validate on.

    Attributes:
        name: an annotated corpus by its name or path, or a data set.
        layer: the annotator whose labels count; data sets have no layers.
        issues: the issues whose rows are taken; by default all.
        path: the file of a data set that does not ship.
        also: further corpora, which are trained on and never tested on.
        layers: for a corpus named here, trained or tested on, the annotator whose labels count instead.
        soft: whether rows that a model labelled are trained on with its probabilities, where its layer has them, and
            not with the likeliest label alone; see docs/annotate-models.md.
        weights: how much a row of a corpus named here counts in training; 1 for the others. Labels that nobody gave
            (votes) may teach more where they count less.
        limit_turns: how many turns of each corpus are drawn, with all their rows; the turns of a smaller number are
            among those of a larger one. By default all are taken.
        limit_debates: how many debates of the further corpora, taken together, are drawn, with all their rows; the
            debates of a smaller number are among those of a larger one. By default all are taken.
    """

    name: str = "???"
    layer: str = "adjudicated"
    issues: list[str] | None = None
    path: str | None = None
    also: list[str] = field(default_factory=list)
    layers: dict[str, str] = field(default_factory=dict)
    soft: bool = True
    weights: dict[str, float] = field(default_factory=dict)
    limit_turns: int | None = None
    limit_debates: int | None = None

    def __post_init__(self) -> None:
        for place, name in enumerate(self.also):
            if name in (self.name, *self.also[:place]):
                raise InputError(f"corpus.also: {name} is trained on already; name each corpus once")
        require(self.issues != [], "corpus.issues", "empty", "issues, or null for all")
        for name, weight in self.weights.items():
            require(0 < weight < math.inf, f"corpus.weights.{name}", weight, "a number above 0")
        require(
            self.limit_turns is None or self.limit_turns >= 1,
            "corpus.limit_turns",
            self.limit_turns,
            "1 or more, or null",
        )
        require(
            self.limit_debates is None or self.limit_debates >= 0,
            "corpus.limit_debates",
            self.limit_debates,
            "0 or more, or null",
        )


@dataclass
class TaskConfig:
    """What is classified.

    Attributes:
        name: of the task, see `standpunt.tasks`.
    """

    name: str = "stance"


@dataclass
class EvaluationConfig:
    """How intervals are computed, and the further corpora that the final model is tested on.

    Attributes:
        cluster: what is resampled; by default the unit that the protocol leaves out, see
            `evaluation.resampling.cluster_for`.
        resamples: how often.
        confidence: the share of the resamples that an interval covers.
        test: the further corpora.
        issues: "shared" for the issues of those corpora that the model was trained on, or "all"; all are tested of data
            sets whose issues are their own.
        limit_rows: how many rows of each fold, and of each further corpus, are tested on at most, spread evenly; for
            models whose answers cost time or money. What is trained on stays as it is. By default all are tested on.
    """

    cluster: str | None = None
    resamples: int = 1000
    confidence: float = 0.95
    test: list[str] = field(default_factory=list)
    issues: str = SHARED
    limit_rows: int | None = None

    def __post_init__(self) -> None:
        limited = self.limit_rows is None or self.limit_rows >= 1
        require(limited, "evaluation.limit_rows", self.limit_rows, "1 or more, or null")
        require(self.issues in (SHARED, ALL), "evaluation.issues", self.issues, f"{SHARED} or {ALL}")
        known = self.cluster is None or self.cluster in CLUSTERS
        require(known, "evaluation.cluster", self.cluster, f"one of {', '.join(CLUSTERS)}, or null")
        require(self.resamples >= 1, "evaluation.resamples", self.resamples, "1 or more")
        require(0 < self.confidence < 1, "evaluation.confidence", self.confidence, "a number between 0 and 1")


@dataclass
class TrackerConfig:
    """Where losses and scores are written in addition to the run folder.

    Attributes:
        name: none, tensorboard, mlflow, wandb, or one of another package; see `experiment.tracking`.
    """

    name: str = "none"


@dataclass
class SearchConfig:
    """A search for good settings, see `standpunt.experiment.search` and docs/sweeps.md.

    Attributes:
        sampler: random or tpe; there is no search without one.
        trials: how many settings are tried.
        space: for each key that is searched, a list of values, or `low` and `high` (and `log`, `step`).
        unit: dev rows are drawn by whole speakers, debates, parties or issues.
        share: about which share of those of the training rows is dev.
        seed: of the sampler and of the draw of dev rows.
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
    """Where things lie.

    Attributes:
        runs: the folder that runs are written to.
        transcripts: where transcripts that do not ship are looked for.
        data: the folder of data sets that do not ship.
    """

    runs: str = "runs"
    transcripts: str | None = None
    data: str = "data"


@dataclass
class Config:
    """An experiment.

    Attributes:
        name: what the experiment is called; its runs lie in a folder of this name.
        seed: of everything that is drawn by chance, the division into folds excepted (`split.seed`).
        corpus: what is trained and cross-validated on.
        task: what is classified.
        split: the protocol by `name`, with its settings; held against the schema of the protocol.
        model: the family by `family`, with its settings; held against the schema of the family.
        evaluation: intervals, and further corpora to test on.
        paths: where things lie.
        tracker: where losses and scores are also written.
        search: a search for good settings.
        save_model: whether a model trained on all rows is saved with the run.
        limit_rows: how many rows of each corpus are taken, those tested on too, spread evenly; for a quick look.
        limit_folds: how many of the protocol's folds are run; for a quick look.
        fail_fast: whether a sweep ends at the first run that fails.
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
    for name in ("layers", "weights"):  # any corpus may be named
        OmegaConf.set_struct(schema.corpus[name], False)
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


def config_error(error: OmegaConfBaseException, prefix: str = "", key: str | None = None) -> InputError:
    """Say in one sentence what is wrong with a configuration.

    Args:
        error: what OmegaConf says.
        prefix: what stands before the keys it names, "model." for the settings of a model.
        key: the setting, where the error does not name it.
    """
    key = f"{prefix}{error.full_key}" if error.full_key else key or prefix.rstrip(".")
    said = str(error).splitlines()[0]
    known = (
        sorted(f.name for f in fields(error.object_type)) if hasattr(error.object_type, "__dataclass_fields__") else []
    )
    if type(error).__name__ in ("ConfigKeyError", "ConfigAttributeError") and known:
        name = key.rpartition(".")[2]
        close = get_close_matches(name, known, n=1, cutoff=0.6)
        right = (
            f"did you mean {key.removesuffix(name) + close[0]!r}?" if close else f"known are {', '.join(sorted(known))}"
        )
        return InputError(f"configuration: unknown setting {key!r}: {right}")
    if type(error).__name__ == "MissingMandatoryValue":
        return InputError(f"configuration: {key} has no value; give it one, e.g. {key}=...")
    if missing := re.search(r"Interpolation key '(.+)' not found", said):
        return InputError(f"configuration: {key} refers to ${{{missing[1]}}}, which is no setting")
    for pattern, expected in _EXPECTED.items():
        if wrong := re.search(pattern, said):
            got = f", got {wrong[1]!r}" if wrong.groups() else ""
            return InputError(f"configuration: {key} must be {expected}{got}")
    return InputError(f"configuration: {key}: {said}")


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
