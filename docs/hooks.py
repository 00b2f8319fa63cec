"""Pages that are made when the documentation is built: cards of models and corpora, studies, notebooks, the changelog.

These files keep their places in the repository, where people read them too. In the documentation a link to one of them
leads to its page; a link to another file of the repository becomes plain text.
"""

import json
import posixpath
import re
from pathlib import Path

from mkdocs.structure.files import File

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = {
    **{path: f"models/{path.parent.name}.md" for path in ROOT.glob("src/standpunt/data/models/*/README.md")},
    **{path: f"corpora/{path.parent.name}.md" for path in ROOT.glob("src/standpunt/data/corpora/*/README.md")},
    **{path: f"studies/{path.parent.name}.md" for path in ROOT.glob("experiments/*/README.md")},
    **{path: f"notebooks/{path.stem}.md" for path in ROOT.glob("notebooks/*.ipynb")},
    ROOT / "experiments" / "README.md": "studies/index.md",
    ROOT / "CHANGELOG.md": "changelog.md",
    ROOT / "CONTRIBUTING.md": "contributing.md",
}
SOURCES = {page: path for path, page in PAGES.items()}
LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]+)\)")
FRONT = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)


def on_files(files, config):
    """Add the pages."""
    for path, page in sorted(PAGES.items()):
        text = path.read_text(encoding="utf-8")
        content = notebook_text(json.loads(text)) if path.suffix == ".ipynb" else FRONT.sub("", text)
        files.append(File.generated(config, page, content=content))
    return files


def on_page_markdown(markdown, page, config, files):
    """Turn links to files of the repository."""
    address = page.file.src_uri
    source = SOURCES.get(address, DOCS / address)

    def turned(found):
        label, link = found.groups()
        target, _, anchor = link.partition("#")
        if not target or "://" in target:
            return found[0]
        place = (source.parent / target).resolve()
        place = place / "README.md" if place.is_dir() else place
        if place.is_relative_to(DOCS):
            other = place.relative_to(DOCS).as_posix()
        elif place in PAGES:
            other = PAGES[place]
        else:
            return label
        relative = posixpath.relpath(other, posixpath.dirname(address) or ".")
        return f"[{label}]({relative}{'#' if anchor else ''}{anchor})"

    return LINK.sub(turned, markdown)


def notebook_text(notebook):
    """Return the cells of a notebook as Markdown; what they print is not kept with it."""
    parts = []
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        parts.append(f"```python\n{source}\n```" if cell["cell_type"] == "code" else source)
    return "\n\n".join(parts) + "\n"
