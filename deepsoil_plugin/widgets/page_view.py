"""Shows a page of Markdown: the help, a model's card. It loads nothing by itself, and opens links only when clicked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtGui import QDesktopServices, QImage, QTextDocument
from qgis.PyQt.QtWidgets import QTextBrowser, QWidget

_SCHEMES = ("http", "https")


class PageView(QTextBrowser):
    """``images``: the folder with the page's own images, for pages that come with DeepSoil; None: no images at all."""

    def __init__(self, name: str, images: Path | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._images = images
        self.setOpenLinks(False)
        self.anchorClicked.connect(self._open)

    def show_page(self, text: str) -> None:
        """Markdown; HTML in it is shown as it is typed."""
        feature = QTextDocument.MarkdownFeature
        flags = getattr(QTextDocument, "MarkdownFeatures", feature)  # Qt 5 has a type of its own for several
        self.document().setMarkdown(text, flags(feature.MarkdownDialectGitHub | feature.MarkdownNoHTML))

    def loadResource(self, kind: int, url: QUrl) -> Any:
        """Only images of the page's own folder. Others get an empty image: without one Qt would look for a file."""
        name = url.toString()
        if self._images is not None and name == Path(name).name and (file := self._images / name).is_file():
            return QImage(str(file))
        empty = QImage(1, 1, QImage.Format.Format_ARGB32)
        empty.fill(0)
        return empty

    def _open(self, url: QUrl) -> None:
        if url.scheme().lower() in _SCHEMES and url.host():
            QDesktopServices.openUrl(url)
        elif not url.scheme() and not url.path() and url.hasFragment():
            self.scrollToAnchor(url.fragment())
