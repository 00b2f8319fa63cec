"""Writing comparisons: Markdown with pictures, CSV, and a page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from standpunt.evaluation.tables import scores_frame
from standpunt.results.comparison import Comparison
from standpunt.results.page import page
from standpunt.storage.files import atomic_folder


def write_comparisons(comparisons: Sequence[Comparison], folder: Path) -> None:
    """Write a new folder in one step.

    In it: comparison.md (tables and pictures), pictures as PNG, results.csv (every score), differences.csv,
    disagreements.csv (the rows on which two models differ, without their text), report.html (all of it in one file).

    Raises:
        InputError: the folder exists and is not empty.
        StandpuntError: writing failed; nothing is left behind.
    """
    with atomic_folder(folder) as target:
        text = []
        for number, one in enumerate(comparisons, start=1):
            shown = (one.main_table(), one.differences_table(), one.issues_table())
            text += [table.to_markdown() for table in shown if table.rows]
            for name, picture in one.pictures().items():
                (target / f"{name}-{number}.png").write_bytes(picture.png)
                text.append(f"![{picture.title}]({name}-{number}.png)\n")
        (target / "comparison.md").write_text("\n".join(text), encoding="utf-8")
        scores = scores_frame((model, evaluation) for one in comparisons for model, evaluation in one.evaluations)
        gaps = pd.DataFrame([{"corpus": one.corpus} | d.record() for one in comparisons for d in one.differences])
        rows = pd.concat([one.disagreements().assign(corpus=one.corpus) for one in comparisons], ignore_index=True)
        for name, frame in (("results", scores), ("differences", gaps), ("disagreements", rows)):
            frame.to_csv(target / f"{name}.csv", index=False, float_format="%.4f")
        title = "Comparison: " + ", ".join(dict.fromkeys(model for one in comparisons for model, _ in one.frames))
        html = page(title, [one.section() for one in comparisons])
        (target / "report.html").write_text(html, encoding="utf-8")
