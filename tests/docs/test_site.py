"""The documentation builds without a warning, and its pages ask nothing of other hosts."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOADED = re.compile(
    r"<(?:script|img|iframe|source)[^>]*\ssrc=[\"']?https?://[^>]*>|<link[^>]*stylesheet[^>]*https?://[^>]*>"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Build the documentation and return its folder."""
    pytest.importorskip("material", reason="the extra docs is not installed")
    pytest.importorskip("mkdocstrings_handlers.python", reason="the extra docs is not installed")
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    return folder


@pytest.mark.slow
def test_pages_load_nothing_from_elsewhere(site):
    pages = list(site.rglob("*.html"))
    assert len(pages) > 20
    assert [found[0] for page in pages for found in LOADED.finditer(page.read_text("utf-8"))] == []
    assert not [path for path in site.rglob("*.css") if re.search(r"url\([\"']?https?://", path.read_text("utf-8"))]


@pytest.mark.slow
def test_reference_has_what_docstrings_say(site):
    models = (site / "reference" / "models" / "index.html").read_text("utf-8")
    assert 'id="standpunt.models.base.Model.predict_proba"' in models
    assert 'id="standpunt.testing.ModelContract"' in models


@pytest.mark.slow
def test_a_page_includes_the_code_that_is_tested(site):
    page = (site / "cookbook" / "own-model" / "index.html").read_text("utf-8")
    assert "NaiveBayesConfig" in page
    assert "--8&lt;--" not in page
