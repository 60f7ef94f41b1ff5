"""Markdown pages as HTML, by the converter that pdoc uses. Runs in the engine's environment.

``pages.py OUT FILE …`` writes one HTML file for each Markdown file into OUT; README.md becomes index.html.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

_FRAME = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>
body {{ font: 16px/1.5 sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; color: #222; }}
nav a {{ margin-right: 1rem; }} table {{ border-collapse: collapse; }}
td, th {{ border: 1px solid #ccc; padding: .3rem .6rem; }}
pre {{ background: #f5f5f5; padding: .8rem; overflow-x: auto; }} img {{ max-width: 100%; }} th {{ text-align: left; }}
</style></head><body><nav>{menu}</nav>
{body}
</body></html>
"""


def html_name(markdown: str) -> str:
    return "index.html" if markdown == "README.md" else f"{Path(markdown).stem.lower()}.html"


def convert(sources: list[Path], out: Path) -> list[Path]:
    """Write the pages and copy the pictures they show; returns the HTML files."""
    from markdown2 import markdown

    out.mkdir(parents=True, exist_ok=True)
    names = {source.name: html_name(source.name) for source in sources}
    menu = "".join(f'<a href="{html}">{Path(name).stem}</a>' for name, html in names.items())
    menu += '<a href="api/deepsoil.html">API</a>'
    written = []
    for source in sources:
        text = source.read_text(encoding="utf-8")
        title = re.search(r"^# (.+)$", text, re.MULTILINE)
        body = str(markdown(text, extras=["tables", "fenced-code-blocks", "header-ids"]))
        for picture in re.findall(r'src="([^":]+)"', body):
            (out / Path(picture).name).unlink(missing_ok=True)
            shutil.copy(source.parent / picture, out)
            body = body.replace(f'src="{picture}"', f'src="{Path(picture).name}"')
        for link in set(re.findall(r'href="([^":#]+)', body)):
            body = body.replace(f'href="{link}', f'href="{_target(link, source, names, out)}')
        written.append(out / names[source.name])
        written[-1].write_text(_FRAME.format(title=title[1] if title else source.stem, menu=menu, body=body),
                               encoding="utf-8")
    return written


def _target(link: str, source: Path, names: dict[str, str], out: Path) -> str:
    """Where a page's link leads in ``out``: to another page, else to the file in the checkout."""
    file = Path(link).name
    return names.get(file) or os.path.relpath(source.parent / link, out)


if __name__ == "__main__":
    convert([Path(word) for word in sys.argv[2:]], Path(sys.argv[1]))
