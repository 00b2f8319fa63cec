"""Run by the python of an environment with label-studio-sdk: validate an export and convert it to every format.

Usage: label_studio_check.py FOLDER OUT; prints what was seen as JSON.
"""

import json
import sys
from collections import Counter
from pathlib import Path

from label_studio_sdk.converter import Converter
from label_studio_sdk.label_interface import LabelInterface

FORMATS = ("JSON", "JSON_MIN", "CSV", "TSV", "CONLL2003")


def main(folder: Path, out: Path) -> None:
    config = (folder / "config.xml").read_text(encoding="utf-8")
    tasks = json.loads((folder / "tasks.json").read_text(encoding="utf-8"))
    interface = LabelInterface(config)
    interface.validate()
    invalid = 0
    for task in tasks:
        # The SDK knows people by number only; the server takes e-mail addresses as well.
        invalid += sum(not interface.validate_annotation({**one, "completed_by": 1}) for one in task["annotations"])
        invalid += sum(not interface.validate_prediction(one) for one in task["predictions"])
    converter = Converter(config, project_dir=None)
    for name in FORMATS:
        converter.convert(str(folder / "tasks.json"), str(out / name), name, is_dir=False)
    lines = (out / "CONLL2003" / "result.conll").read_text(encoding="utf-8").splitlines()
    tags = Counter(line.rpartition(" ")[2].removeprefix("B-") for line in lines if " B-" in line)
    sys.stdout.write("\n" + json.dumps({"invalid": invalid, "begins": tags}) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
