"""The documentation: its code is that of the tests, its links lead somewhere, and what it names exists."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tools import pages, snippets  # noqa: E402

PAGES = [*snippets.pages(ROOT), ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"]


def test_code_in_the_documentation_is_that_of_the_tests() -> None:
    assert snippets.outdated(ROOT) == []


def test_a_snippet_is_put_into_its_page_and_found_outdated_when_the_test_changes(tmp_path: Path) -> None:
    test = tmp_path / "tests" / "test_x.py"
    test.parent.mkdir()
    test.write_text("def test_x():\n    # docs: adding\n    a = 1\n\n    if a:\n        a += 1\n    # docs: end\n")
    page = tmp_path / "docs" / "extending.md"
    page.parent.mkdir()
    page.write_text("# Adding\n<!-- code: tests/test_x.py adding -->\n\nThat is all.\n")
    assert snippets.outdated(tmp_path)
    snippets.refresh(tmp_path)
    code = "```python\na = 1\n\nif a:\n    a += 1\n```\n"
    assert page.read_text() == f"# Adding\n<!-- code: tests/test_x.py adding -->\n{code}\nThat is all.\n"
    assert snippets.outdated(tmp_path) == []
    test.write_text(test.read_text().replace("a = 1", "a = 2"))
    assert len(snippets.outdated(tmp_path)) == 1
    test.write_text("")
    assert "no class, function or marked lines adding" in snippets.outdated(tmp_path)[0]


def test_a_snippet_may_be_a_class_or_function_of_the_test(tmp_path: Path) -> None:
    test = tmp_path / "test_x.py"
    test.write_text("import x\n\n\n@x.y\ndef first() -> None:\n    pass\n\n\nclass Second:\n    a = 1\n")
    assert snippets.snippet(test, "first") == "@x.y\ndef first() -> None:\n    pass\n"
    assert snippets.snippet(test, "Second") == "class Second:\n    a = 1\n"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    headings = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
                for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        path, _, anchor = target.partition("#")
        if path.startswith("http"):
            continue
        assert (page.parent / path).exists() if path else anchor in headings, f"{page.name}: {target}"


def test_every_room_of_the_engine_is_in_the_architecture() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    for package in ("remote/deepsoil", "deepsoil_plugin"):
        rooms = [folder.name for folder in (ROOT / package).iterdir() if (folder / "__init__.py").is_file()]
        assert rooms
        assert [room for room in rooms if f"`{room}/`" not in text] == []
        named = re.search(rf"### `{package}`.*?(?=\n##)", text, re.DOTALL)
        assert named
        gone = [room for room in re.findall(r"`(\w+/|\w+\.py)`", named[0]) if not (ROOT / package / room).exists()]
        assert gone == []


def test_pages_become_html_that_lead_to_each_other(tmp_path: Path) -> None:
    pytest.importorskip("pdoc")
    out = tmp_path / "out"
    readme, page = tmp_path / "README.md", tmp_path / "docs" / "a_page.md"
    page.parent.mkdir()
    (tmp_path / "LICENSE").touch()
    (tmp_path / "picture.png").write_bytes(b"png")
    readme.write_text("# Top\n[a page](docs/a_page.md#part) [licence](LICENSE)\n\n![](picture.png)\n")
    page.write_text("# A page\n[top](../README.md)\n\n## Part\n| a | b |\n|---|---|\n| 1 | 2 |\n")
    written = pages.convert([readme, page], out)
    assert [file.name for file in written] == ["index.html", "a_page.html"]
    top, other = (file.read_text() for file in written)
    assert 'href="a_page.html#part"' in top and 'href="../LICENSE"' in top and (out / "picture.png").exists()
    assert 'href="index.html"' in other and "<table>" in other and 'id="part"' in other and "<title>A page" in other
