#!/usr/bin/env python3
"""Strip outputs and run counters from notebooks. Usage: strip_notebooks.py [--check] NOTEBOOK..."""

import json
import sys
from pathlib import Path


def main() -> int:
    """Strip (or, with --check, only look); return 1 where a notebook had something to strip."""
    check = "--check" in sys.argv
    dirty = []
    for name in sys.argv[1:]:
        if name == "--check":
            continue
        path = Path(name)
        text = path.read_text(encoding="utf-8")
        notebook = json.loads(text)
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                cell["outputs"], cell["execution_count"] = [], None
        clean = json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"
        if clean != text:
            dirty.append(name)
            if not check:
                path.write_text(clean, encoding="utf-8")
    for name in dirty:
        print(f"{name}: {'has outputs' if check else 'stripped'}")
    return 1 if dirty else 0


if __name__ == "__main__":
    sys.exit(main())
