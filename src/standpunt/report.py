"""The page of a run or a sweep: one self-contained HTML file, no network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

import yaml
from jinja2 import Environment, PackageLoader, StrictUndefined

from standpunt import __version__
from standpunt.config import Config
from standpunt.evaluation.scores import Evaluation
from standpunt.evaluation.tables import Table, issues_table, results_table
from standpunt.splits import describe
from standpunt.tasks import get_task


def run_page(config: Config, evaluations: Mapping[str, Evaluation], skipped: Mapping[str, str]) -> str:
    """Return the page of one run."""
    labels = get_task(config.task.name).labels
    tables = []
    for corpus, evaluation in evaluations.items():
        entry = [(config.model.name, evaluation)]
        how = describe(corpus, config.corpus.name, config.split.name, config.split.unit)
        tables.append(results_table(corpus, how, entry, labels))
        if len(evaluation.scores) > 1:
            tables.append(issues_table(corpus, entry))
    settings = yaml.safe_dump(asdict(config), sort_keys=False, allow_unicode=True)
    return page(f"{config.name}: {config.model.name}", tables, list(skipped.values()), settings)


def page(title: str, tables: Sequence[Table], notices: Sequence[str] = (), settings: str = "") -> str:
    """Return a page with tables; everything that is not ours is escaped.

    Args:
        title: the heading.
        tables: in the order shown.
        notices: what the reader must know first: corpora skipped, runs that failed.
        settings: the configuration, as YAML.
    """
    environment = Environment(
        loader=PackageLoader("standpunt", "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    template = environment.get_template("tables.html.jinja")
    return template.render(title=title, tables=tables, notices=notices, settings=settings, version=__version__)
