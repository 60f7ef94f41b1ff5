"""Every text from outside is shown as it is typed: by the structure of the code, and in the widgets themselves."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from qgis.core import (
    QgsExpression,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsFeature,
    QgsRasterLayer,
    QgsVectorLayer,
)
from qgis.gui import QgsMessageLogViewer
from qgis.PyQt.QtCore import QCoreApplication, Qt, QUrl
from qgis.PyQt.QtGui import QDesktopServices, QImage, QTextDocument
from qgis.PyQt.QtWidgets import QPlainTextEdit, QTextBrowser

from deepsoil_plugin.help_window import HelpWindow
from deepsoil_plugin.map import metadata, station_layers
from deepsoil_plugin.text.plain import defused, tip_text
from deepsoil_plugin.text.translate import error_message
from deepsoil_plugin.widgets.basic import LinkLabel, PlainLabel, PlainMessageBox
from deepsoil_plugin.widgets.message_bar import Messages
from deepsoil_plugin.widgets.page_view import PageView

PLUGIN = Path(__file__).parents[2] / "deepsoil_plugin"
FILES = sorted(PLUGIN.rglob("*.py"))
TREES = {file.relative_to(PLUGIN).as_posix(): ast.parse(file.read_text(encoding="utf-8")) for file in FILES}
TYPED = "1 < 2 <img src='file:///etc/hostname'> <b>x</b> &lt; & <a href='http://127.0.0.1/'>y</a>"

# ---- the structure

# What may show HTML, and the only files that may use it.
HTML = {
    "QLabel": {"widgets/basic.py"}, "QMessageBox": {"widgets/basic.py"}, "QTextBrowser": {"widgets/page_view.py"},
    "setTextFormat": {"widgets/basic.py", "exports/report_page.py"},  # the latter: the font of a layout's cell
    "createMessage": {"widgets/message_bar.py"},
    "setMarkdown": {"widgets/page_view.py"},
    "openUrl": {"widgets/page_view.py", "jobs/session.py", "widgets/message_bar.py"},
    "setHtml": {"panels/station_plot.py"},  # numbers and signs of the depths
    "setOpenLinks": {"widgets/page_view.py"}, "pushWarning": {"processing/base.py"},  # Processing escapes it
    "setMapTipTemplate": {"map/station_layers.py"},  # see the test below
}
NOWHERE = {"QTextEdit", "QTextDocument", "QErrorMessage", "QWhatsThis", "QStaticText", "QGraphicsTextItem", "QWebView",
           "insertHtml", "appendHtml", "setDefaultStyleSheet", "setWhatsThis", "pushCritical",
           "pushSuccess", "setOpenExternalLinks", "logMessage", "QSplashScreen", "HTMLDelegate"}
# Calls whose text must be guarded, by the number of the argument with the text.
GUARDED = {"setToolTip": (-1, {"tip_text"}), "showText": (1, {"tip_text"}), "pushMessage": (1, {"defused"}),
           "createMessage": (1, {"defused"}), "setInformativeText": (0, set()), "setLabelText": (0, set())}


def name_of(call):
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def is_own_text(node, guards):
    """A literal, a translated literal without values, one of several such, or a guarded text."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str)
    if isinstance(node, ast.IfExp):
        return is_own_text(node.body, guards) and is_own_text(node.orelse, guards)
    if not isinstance(node, ast.Call):
        return False
    return name_of(node) in guards or (name_of(node) == "tr" and isinstance(node.args[0], ast.Constant))


def calls(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


@pytest.mark.parametrize("file", TREES)
def test_only_few_places_can_show_html(file):
    used = {name_of(node) for node in calls(TREES[file])}
    used |= {getattr(base, "id", getattr(base, "attr", "")) for node in ast.walk(TREES[file])
             if isinstance(node, ast.ClassDef) for base in node.bases}
    assert {name for name, files in HTML.items() if name in used and file not in files} | (NOWHERE & used) == set()


@pytest.mark.parametrize("file", TREES)
def test_texts_for_what_shows_html_are_guarded(file):
    bare = [f"{name_of(node)} in line {node.lineno}" for node in calls(TREES[file]) if name_of(node) in GUARDED
            and node.args and not is_own_text(node.args[GUARDED[name_of(node)][0]], GUARDED[name_of(node)][1])]
    bare += [f"setItemData in line {node.lineno}" for node in calls(TREES[file])
             if name_of(node) in ("setItemData", "setData") and "ToolTipRole" in ast.unparse(node)
             and not any(is_own_text(argument, {"tip_text"}) for argument in node.args)]
    assert bare == []


@pytest.mark.parametrize("file", TREES)
def test_models_guard_the_tooltips_that_they_give(file):
    bare = [one.lineno for node in ast.walk(TREES[file]) if isinstance(node, ast.If)
            and "ToolTipRole" in ast.unparse(node.test) for one in ast.walk(ast.Module(node.body, []))
            if isinstance(one, ast.Return) and not is_own_text(one.value, {"tip_text"})]
    assert bare == []


@pytest.mark.parametrize("file", TREES)
def test_captions_of_forms_are_our_own(file):
    """QFormLayout makes a label of a text by itself; a name is a loop over translated literals."""
    names = {target.id for node in ast.walk(TREES[file]) if isinstance(node, ast.For)
             for target in ast.walk(node.target) if isinstance(target, ast.Name)}
    bare = [node.lineno for node in calls(TREES[file]) if name_of(node) == "addRow" and len(node.args) == 2
            and not is_own_text(node.args[0], set()) and getattr(node.args[0], "id", "") not in names]
    assert bare == []


def test_rich_text_is_made_in_one_label_only():
    places = [file for file, tree in TREES.items() for node in ast.walk(tree)
              if isinstance(node, ast.Attribute) and node.attr in ("RichText", "AutoText", "MarkdownText")]
    assert places == ["widgets/basic.py"]


def test_legends_of_plots_are_guarded():
    bare = [f"{file}:{node.lineno}" for file, tree in TREES.items() for node in calls(tree)
            if name_of(node) == "addItem" and "legend" in ast.unparse(node.func)
            and not is_own_text(node.args[1], {"html_text"})]
    assert bare == []


# ---- in the widgets


def as_shown(text):
    """What a widget that takes texts with tags for HTML shows."""
    document = QTextDocument()
    if Qt.mightBeRichText(text):
        document.setHtml(text)
    else:
        document.setPlainText(text)
    return document.toPlainText()


@pytest.mark.parametrize("text", [TYPED, "1 < 2", "a & b", "&lt;", "a\nb <i>c</i>\n  d", "plain", "<", "", "“a”"])
def test_a_tooltip_shows_what_is_typed(qgis_app, text):
    assert as_shown(tip_text(text)) == text
    shown = as_shown(f"<b>{defused(text)}</b>").replace("\uff1c", "<").replace("\uff06", "&")
    assert " ".join(shown.split()) == " ".join(text.split())


def test_labels_and_questions_are_plain(qtbot):
    for label in (PlainLabel(TYPED), PlainLabel(TYPED, "name")):
        qtbot.addWidget(label)
        assert (label.textFormat(), label.text()) == (Qt.TextFormat.PlainText, TYPED)
    box = PlainMessageBox("box", TYPED, None)
    qtbot.addWidget(box)
    assert (box.textFormat(), box.text()) == (Qt.TextFormat.PlainText, TYPED)
    link = LinkLabel("link")
    qtbot.addWidget(link)
    link.put(TYPED, TYPED)
    document = QTextDocument()
    document.setHtml(link.text())
    assert document.toPlainText() == f"{TYPED} {TYPED}"
    assert link.text().count("<a ") == 1 and not link.openExternalLinks()


def test_the_message_bar_and_the_log_show_what_is_typed(window, qtbot):
    """As HTML or as text: with signs that look alike where a tag or an entity would begin."""
    viewer = QgsMessageLogViewer(window.window)
    Messages(window).warning(TYPED)
    (item,) = window.bar.items()
    alike = defused(TYPED)
    assert [text.toPlainText() for text in item.findChildren(QTextBrowser)] == [f"DeepSoil: {alike}"]
    QCoreApplication.processEvents()
    logs = [text.toPlainText() for text in viewer.findChildren(QPlainTextEdit)]
    assert any(alike in text for text in logs), logs
    assert alike.replace("\uff1c", "<").replace("\uff06", "&") == TYPED


IMAGES = ["![a](file:///etc/x.png)", "![a](/etc/x.png)", "![a](http://127.0.0.1:9/x.png)", "![a](//host/share/x.png)",
          "![a](../help/main.png)", "![a](qrc:/x.png)", "![a](data:image/png;base64,AAAA)",
          "<img src='file:///etc/x.png'>", "[![a](/etc/x.png)](file:///etc/passwd)", "![a](C:/x.png)"]


@pytest.mark.parametrize("markdown", IMAGES)
def test_a_card_loads_nothing(qtbot, tmp_path, markdown):
    picture = QImage(40, 30, QImage.Format.Format_RGB32)
    for here in ("x.png", "main.png"):
        assert picture.save(str(tmp_path / here))
    view = PageView("page")
    qtbot.addWidget(view)
    asked = []
    load = view.loadResource
    view.loadResource = lambda kind, url: asked.append(url) or load(kind, url)
    for text in (markdown, markdown.replace("/etc", str(tmp_path)), markdown.replace("file:///etc", str(tmp_path))):
        view.show_page(f"# Card\n\n{text}\n\n1 < 2\n")
        view.show()
        view.grab()
        assert "1 < 2" in view.toPlainText()
        for kind in (QTextDocument.ResourceType.ImageResource, QTextDocument.ResourceType.StyleSheetResource):
            for name in ("/etc/x.png", f"{tmp_path}/x.png", f"file://{tmp_path}/x.png", "main.png", "//host/s/x.png"):
                assert view.document().resource(kind, QUrl(name)).width() == 1, name


def test_html_in_a_card_is_shown_as_typed(qtbot):
    view = PageView("page")
    qtbot.addWidget(view)
    view.show_page("a <b>c</b> <img src='file:///x.png'> d\n\n<div style=\"background-image:url(file:///x)\">e</div>\n")
    text = view.toPlainText()
    assert "<b>c</b> <img src='file:///x.png'> d" in text and "<div" in text


def test_links_open_only_when_clicked_and_only_to_the_web(qtbot, monkeypatch):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    view = PageView("page")
    qtbot.addWidget(view)
    view.show_page("[a](https://127.0.0.1/) [b](file:///etc/passwd) [c](javascript:x)")
    view.show()
    assert opened == [] and not view.openLinks() and not view.openExternalLinks()
    for url in ("file:///etc/passwd", "smb://host/share", "javascript:alert(1)", "data:text/html,x", "mailto:a@b",
                "x.md", "//host/share/x", "/etc/passwd", "ftp://127.0.0.1/", "http:", "https:///x", "qgis:x", "#part"):
        view.anchorClicked.emit(QUrl(url))
    assert opened == [] and view.source().isEmpty()
    view.anchorClicked.emit(QUrl("https://127.0.0.1/"))
    view.anchorClicked.emit(QUrl("HTTP://127.0.0.1/a"))
    assert [url.host() for url in opened] == ["127.0.0.1"] * 2


def test_the_help_shows_its_own_picture(qtbot):
    window = HelpWindow()
    qtbot.addWidget(window)
    kind = QTextDocument.ResourceType.ImageResource
    assert window.text.document().resource(kind, QUrl("main.png")).width() > 100
    assert window.text.document().resource(kind, QUrl("../icons/box.svg")).width() == 1


def test_the_metadata_of_a_layer_hold_no_tag(qgis_new_project, tmp_path):
    """QGIS puts them into pages of HTML as they are."""
    layer = QgsRasterLayer(str(tmp_path / "none.tif"), "a")
    product = metadata.parse_tags({f"DEEPSOIL_{name}": TYPED for name in (
        "DEPTH_CM", "DATE", "MODEL", "MODEL_VERSION", "ENGINE", "JOB", "REGION", "MISSING", "LICENCE")})
    assert (product.depth_cm, product.day) == (None, None), "no numbers: as if they were missing"
    metadata.describe(layer, product, {"path": f"/x/{TYPED}.tif", "name": TYPED, "sha256": TYPED, "depth_cm": 5}, TYPED)
    html = layer.htmlMetadata()
    for tag in ("<img", "<b>x", "<a href='http"):
        assert tag not in html
    assert "1 \uff1c 2" in html


@pytest.mark.parametrize("template", ["{x:999999999}", "{x:>99999999}", "{x!r:0999999999}", "{x:.9999999f}", "{x:{n}}"])
def test_a_template_of_a_host_makes_no_giant_text(qgis_app, template):
    error = {"message": "plain", "hint": "", "templates": [template, ""], "values": {"x": 1.5, "n": 999_999_999}}
    assert error_message(error) == "plain"
    assert error_message({**error, "templates": ["{x:.1f} of 100 {x:,}", ""]}) == "1.5 of 100 1.5"


def test_the_map_tip_of_a_station_shows_what_is_typed(qgis_new_project):
    fields = "&".join(f"field={name}:string" for name in ("name", "network", "depths"))
    layer = QgsVectorLayer(f"Point?crs=EPSG:4326&{fields}", "s", "memory")
    station_layers._dress(layer)
    feature = QgsFeature(layer.fields())
    feature.setAttributes([TYPED, TYPED, "5"])
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    context.setFeature(feature)
    tip = QgsExpression.replaceExpressionText(layer.mapTipTemplate(), context)
    document = QTextDocument()
    document.setHtml(tip)
    assert document.toPlainText() == f"{TYPED}\n{TYPED}, 5 cm"


def test_every_label_of_the_plugin_is_plain_or_has_its_one_link(qgis_app):
    """The classes of labels in the whole plugin derive from the two that are safe."""
    for tree in TREES.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and any("Label" in ast.unparse(base) for base in node.bases):
                assert {ast.unparse(base) for base in node.bases} <= {"PlainLabel", "QLabel"}
                assert "QLabel" not in {ast.unparse(base) for base in node.bases} or node.name in (
                    "PlainLabel", "LinkLabel")
