"""Runs in MLflow: in files below the run folder, or on the server that MLFLOW_TRACKING_URI names."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from standpunt.errors import InputError, StandpuntError
from standpunt.experiment.tracking import Tracker

_EXPERIMENT = "standpunt"
_REFUSED = re.compile(r"[^\w\-. /:]", re.ASCII)  # what MLflow does not take in the name of a metric or a parameter
_LONGEST = 6000  # characters of a parameter


class MLflow(Tracker):
    """A run of the experiment that the configuration names; `mlflow ui --backend-store-uri RUN/tracker` shows it."""

    def __init__(self, folder: Path) -> None:
        """Find out where to.

        Raises:
            InputError: MLflow is not installed.
        """
        super().__init__(folder)
        # Files are all that a run folder can hold; MLflow would rather have a database.
        os.environ.setdefault("MLFLOW_ALLOW_FILE_STORE", "true")
        try:
            mlflow: Any = import_module("mlflow")
        except ImportError:
            raise InputError("tracker mlflow needs MLflow; install it with: pip install 'standpunt[mlflow]'") from None
        self._given = os.environ.get("MLFLOW_TRACKING_URI")
        self._client = mlflow.MlflowClient(tracking_uri=self._given or folder.absolute().as_uri())
        self._run: str | None = None

    def settings(self, values: Mapping[str, object]) -> None:
        """Begin the run, with its settings as parameters.

        Raises:
            StandpuntError: the server does not take it.
        """
        entities, exceptions = import_module("mlflow.entities"), import_module("mlflow.exceptions")
        name = str(values.get("name", _EXPERIMENT))
        try:
            found = self._client.get_experiment_by_name(name)
            # Elsewhere than in files, where artifacts go is for the server to say; here the folder is still to move.
            place = None if self._given else "artifacts"
            experiment = found.experiment_id if found else self._client.create_experiment(name, place)
            title = f"{values.get('model.name', 'run')}, seed {values.get('seed', 0)}"
            self._run = self._client.create_run(experiment, run_name=title).info.run_id
            params = [entities.Param(_allowed(key), str(value)[:_LONGEST]) for key, value in values.items()]
            for start in range(0, len(params), 100):  # as many as are taken at once
                self._client.log_batch(self._run, params=params[start : start + 100])
        except exceptions.MlflowException as error:
            raise StandpuntError(f"tracker mlflow: {str(error).splitlines()[0]}") from error

    def log(self, values: Mapping[str, float], step: int) -> None:
        """Add a point to each curve."""
        if self._run is None:
            self.settings({})
        for name, value in values.items():
            self._client.log_metric(str(self._run), _allowed(name), value, step=step)

    def close(self) -> None:
        """Let the run be over."""
        if self._run is not None:
            self._client.set_terminated(self._run)


def _allowed(name: str) -> str:
    return _REFUSED.sub("_", name)
