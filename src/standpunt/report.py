"""The page of a run, a sweep or a comparison: one self-contained HTML file, no network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import yaml
from jinja2 import Environment, PackageLoader, StrictUndefined

from standpunt import __version__
from standpunt.config import Config
from standpunt.evaluation.scores import Evaluation
from standpunt.evaluation.tables import Table, details_table, results_table, scopes_table
from standpunt.plots import Picture
from standpunt.splits import describe
from standpunt.tasks import get_task


@dataclass(frozen=True)
class Section:
    """Part of a page: tables, pictures, and tables that are folded away. Tables without rows are left out."""

    tables: Sequence[Table]
    pictures: Sequence[Picture] = ()
    details: Sequence[Table] = ()


def run_page(config: Config, evaluations: Mapping[str, Evaluation], skipped: Mapping[str, str]) -> str:
    """Return the page of one run."""
    labels = get_task(config.task.name).labels
    sections = []
    for corpus, evaluation in evaluations.items():
        entry = [(config.model.name, evaluation)]
        how = describe(corpus, [config.corpus.name, *config.corpus.also], config.split.name, config.split.unit)
        per_scope = [scopes_table(corpus, entry, unit) for unit in ("issue", "party")]
        details = [details_table(corpus, entry, labels), *per_scope]
        sections.append(Section([results_table(corpus, how, entry)], details=details))
    settings = yaml.safe_dump(asdict(config), sort_keys=False, allow_unicode=True)
    return page(f"{config.name}: {config.model.name}", sections, list(skipped.values()), settings)


def page(
    title: str,
    sections: Sequence[Section],
    notices: Sequence[str] = (),
    settings: str = "",
) -> str:
    """Return a page; everything that is not ours is escaped.

    Args:
        title: the heading.
        sections: in the order shown.
        notices: what the reader must know first: corpora skipped, runs that failed.
        settings: the configuration, as YAML.
    """
    environment = Environment(
        loader=PackageLoader("standpunt", "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return environment.get_template("tables.html.jinja").render(
        title=title,
        sections=sections,
        notices=notices,
        settings=settings,
        version=__version__,
    )
