"""Agreement before and after version 2 of the codebook, from labels.csv: prints the table of README.md.

Usage: codebook_agreement.py
"""

from pathlib import Path

import numpy as np
import pandas as pd

from standpunt.annotation.agreement import MISSING, krippendorff_alpha

HERE = Path(__file__).parents[1] / "experiments" / "codebook"
RESAMPLES, SEED = 2000, 0


def codes(labels: pd.DataFrame, values: list[str]) -> np.ndarray:
    """Return labels as numbers, shape (2, n_pairs); MISSING where an annotator has none of the values."""
    return labels.map(lambda value: values.index(value) if value in values else MISSING).to_numpy().T


def main() -> None:
    """Print alpha for each version: over four labels, over three where both addressed, and of addressed or not."""
    table = pd.read_csv(HERE / "labels.csv", keep_default_na=False)
    turns = (table["debate"] + table["row"].astype(str)).to_numpy()
    for version in ("v1", "v2"):
        pair = table[[f"{version}_a", f"{version}_b"]]
        both = (pair != "none").all(axis=1).to_numpy()
        addressed = pair.map(lambda value: "none" if value == "none" else "addressed")
        for name, labels, values, rows in (
            ("four labels", pair, ["favor", "against", "neutral", "none"], np.ones(len(pair), bool)),
            ("three labels, where both addressed", pair, ["favor", "against", "neutral"], both),
            ("addressed or not", addressed, ["addressed", "none"], np.ones(len(pair), bool)),
        ):
            result = krippendorff_alpha(
                codes(labels[rows], values), clusters=turns[rows], resamples=RESAMPLES, seed=SEED
            )
            print(f"{version}, {name}: {result.alpha:.2f} [{result.low:.2f}, {result.high:.2f}] on {rows.sum()} pairs")


if __name__ == "__main__":
    main()
