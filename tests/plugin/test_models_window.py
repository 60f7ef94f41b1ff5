"""The models of all hosts: who is asked and when, what a row says, what comes and what does not."""

from __future__ import annotations

import pytest
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor, QPalette
from qgis.PyQt.QtWidgets import QLabel, QProgressBar, QPushButton, QTextBrowser, QTreeWidget
from training_parts import Client, host

from deepsoil_plugin.hosts.model import HostsModel
from deepsoil_plugin.training.line_styles import pen_of
from deepsoil_plugin.training.models_list import ModelsList
from deepsoil_plugin.training.models_window import ModelsWindow
from deepsoil_plugin.widgets.plot_colours import contrast, mix, plot_colours


def model(name, **more):
    return {"id": name, "depth_cm": 20, "title": f"The {name}", "version": "1.5", "default": False, "problem": None,
            "card": f"Card {name}", "sha256": f"hash of {name}", "metrics": [], **more}


HERE = [model("north", default=True), model("east", depth_cm=5, default=True, title=None),
        model("broken", depth_cm=None, version=None, sha256=None,
              problem={"message": "It is damaged.", "hint": "Fetch it again.", "code": "x"})]
THERE = [model("north"), model("south", default=True), model("east", sha256="another file", card="")]


def listed(params):
    return HERE if params["host"] == "local" else THERE


@pytest.fixture
def models(qgis_app):
    client = Client(hosts=[host("hydra"), host("argos", "unreachable")], models=listed)
    hosts = HostsModel(client)
    made = ModelsList(client, hosts)
    made.client, made.hosts = client, hosts
    made.ask()
    client.asked.clear()
    return made


def ids(models):
    return [(where, one["id"]) for where, one in models.models()]


def test_hosts_are_asked_when_they_are_ready_once_and_again_after_they_were_away(models):
    assert ids(models) == [("local", "north"), ("local", "east"), ("local", "broken"), ("hydra", "north"),
                           ("hydra", "south"), ("hydra", "east")]
    models.hosts.changed.emit()
    assert models.client.of("models") == []
    models.client.hostChanged.emit(host("argos"))
    assert models.client.of("models") == [{"host": "argos"}]
    models.client.hostChanged.emit(host("hydra", "unreachable"))
    models.client.hostChanged.emit(host("hydra"))
    assert models.client.of("models") == [{"host": "argos"}, {"host": "hydra"}]
    models.ask()
    assert sorted(one["host"] for one in models.client.of("models")[2:]) == ["argos", "hydra", "local"]


def test_a_host_that_cannot_tell_is_named_and_the_others_stay(models):
    said = []
    models.failed.connect(said.append)
    models.client.answers["models"] = lambda params: listed(params) if params["host"] == "local" else OSError()
    models.ask()
    assert said == ["Hydra: It is gone. Wait."] and len(ids(models)) == 6


def test_the_same_file_is_here_and_the_default_is_that_of_its_depth_on_this_computer(models):
    assert [models.is_here(one) for one in THERE] == [True, False, False]
    assert models.default(20)["id"] == "north" and models.default(5)["id"] == "east" and models.default(100) is None


def test_a_model_comes_once_with_its_progress_and_the_list_is_asked_again(models):
    told = []
    models.fetched.connect(lambda one: told.append(("fetched", one)))
    models.changed.connect(lambda: told.append("changed"))
    models.progressed.connect(lambda: told.append(models.coming("hydra", "south")))
    models.client.modelFetched.emit("hydra", "south", 0.5)
    assert models.coming("hydra", "south") is None, "nobody has asked for it"
    models.fetch("hydra", "south")
    models.fetch("hydra", "south")
    assert models.client.of("fetch_model") == [{"host": "hydra", "model": "south"}]
    assert models.coming("hydra", "south") == 0.0 and models.coming("local", "south") is None and told == ["changed"]
    models.client.modelFetched.emit("hydra", "south", 0.25)
    assert told[1:] == [0.25]
    models.client.waiting[0][0](model("south"))
    assert models.coming("hydra", "south") is None and ("fetched", "south") in told
    assert models.client.of("models") == [{"host": "local"}]


@pytest.mark.parametrize(("code", "says"), [("host_lost", ["It is gone."]), ("fetch_cancelled", [])])
def test_a_model_that_does_not_come_can_be_asked_for_again(models, code, says):
    said = []
    models.failed.connect(said.append)
    models.fetch("hydra", "south")
    models.cancel("hydra", "south")
    assert models.client.of("cancel_fetch_model") == [{"host": "hydra", "model": "south"}]
    models.client.waiting[0][1]({"code": code, "message": "It is gone.", "hint": ""})
    assert said == says and models.coming("hydra", "south") is None
    models.fetch("hydra", "south")
    assert len(models.client.of("fetch_model")) == 2


def test_another_default_names_the_file_that_was_shown_and_is_asked_for_again(models):
    told = []
    models.defaultChanged.connect(lambda *what: told.append(what))
    models.client.answers["set_default_model"] = {}
    models.set_default(model("south"))
    assert models.client.of("set_default_model") == [
        {"depth_cm": 20, "model": "south", "version": "1.5", "sha256": "hash of south"}]
    assert told == [(20, "south")] and models.client.of("models") == [{"host": "local"}]


@pytest.fixture
def window(models, qtbot):
    made = ModelsWindow(models, models.hosts)
    qtbot.addWidget(made)
    made.show()
    made.models = models
    return made


def cells(window):
    tree = window.findChild(QTreeWidget)
    return {(tree.topLevelItem(row).text(3), tree.topLevelItem(row).toolTip(0)): tree.topLevelItem(row)
            for row in range(tree.topLevelItemCount())}


def go_to(window, where, name):
    found = next(item for (host_title, tip), item in cells(window).items() if host_title == where and name in tip)
    window.findChild(QTreeWidget).setCurrentItem(found)
    return found


def can(window):
    return [window.findChild(QPushButton, f"deepsoilModels{name}").isEnabled() for name in ("Bring", "Default")]


def test_a_row_says_what_a_model_is_and_a_damaged_one_what_is_wrong(window):
    rows = {key: [item.text(column) for column in range(5)] for key, item in cells(window).items()}
    assert rows["This computer", "north"] == ["The north · default", "20 cm", "1.5", "This computer", ""]
    assert rows["This computer", "east"] == ["east · default", "5 cm", "1.5", "This computer", ""]
    assert rows["Hydra", "south"] == ["The south", "20 cm", "1.5", "Hydra", ""], "a default there is none here"
    (damaged,) = [item for (_, tip), item in cells(window).items() if "damaged" in tip]
    assert [damaged.text(column) for column in (0, 1, 2)] == ["The broken", "", ""] and not damaged.icon(0).isNull()
    assert all(item.icon(0).isNull() for item in cells(window).values() if item is not damaged)


def test_what_can_be_done_with_a_model_depends_on_where_it_is(window):
    card = window.findChild(QTextBrowser, "deepsoilModelsCard")
    for where, name, text, possible in (
            ("This computer", "north", "Card north", [False, False]), ("Hydra", "north", "Card north", [False, False]),
            ("Hydra", "south", "Card south", [True, False]), ("Hydra", "east", "no description", [True, False]),
            ("This computer", "damaged", "Fetch it again", [False, False])):
        go_to(window, where, name)
        assert text in card.toPlainText() and can(window) == possible, (where, name)
    window.models.client.answers["models"] = lambda params: [model("west")] if params["host"] == "local" else THERE
    window.models.ask()
    go_to(window, "This computer", "west")
    assert can(window) == [False, True]


def test_the_chosen_row_stays_when_the_table_is_filled_anew_and_the_wanted_host_is_gone_to(window):
    tree = window.findChild(QTreeWidget)
    assert tree.currentItem() is tree.topLevelItem(0)
    go_to(window, "Hydra", "south")
    window.models.changed.emit()
    assert (tree.currentItem().text(0), tree.currentItem().text(3)) == ("The south", "Hydra")
    go_to(window, "This computer", "east")
    window.look_at("hydra")
    assert tree.currentItem().text(3) == "Hydra" and tree.currentItem().text(0) == "The north"
    go_to(window, "This computer", "east")
    window.models.changed.emit()
    assert tree.currentItem().text(3) == "This computer", "a host is gone to once"


def test_a_model_that_is_coming_shows_so_on_its_own_row_only(window):
    bar, stop = window.findChild(QProgressBar), window.findChild(QPushButton, "deepsoilModelsStop")
    go_to(window, "Hydra", "south")
    window.findChild(QPushButton, "deepsoilModelsBring").click()
    window.models.client.modelFetched.emit("hydra", "south", 0.456)
    assert bar.isVisible() and stop.isVisible() and bar.value() == 46 and can(window) == [False, False]
    go_to(window, "Hydra", "east")
    assert not bar.isVisible() and not stop.isVisible() and can(window) == [True, False]
    go_to(window, "Hydra", "south")
    stop.click()
    assert window.models.client.of("cancel_fetch_model") == [{"host": "hydra", "model": "south"}]
    window.models.client.waiting[0][1]({"code": "host_lost", "message": "It is gone.", "hint": ""})
    assert window.findChild(QLabel, "deepsoilModelsProblem").text() == "It is gone." and can(window) == [True, False]


@pytest.mark.parametrize("background", ["#ffffff", "#000000", "#2b2b2b", "#808080"])
def test_twenty_four_lines_are_told_apart_and_seen_on_every_theme(qgis_app, background):
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Base, QColor(background))
    palette.setColor(QPalette.ColorRole.Text, QColor("#ffffff" if QColor(background).lightness() < 100 else "#000000"))
    colours = plot_colours(palette)
    pens = [pen_of(number, colours) for number in range(24)]
    assert len({(colour.name(), style) for colour, style in pens}) == 24
    assert all(contrast(colour, colours.background) >= 2.2 for colour, _ in pens)
    assert {style for _, style in pens[:6]} == {Qt.PenStyle.SolidLine} and pens[0] == pen_of(24, colours)
    assert contrast(colours.accent, colours.background) >= 3.0


def test_a_colour_that_is_seen_stays_what_it_is(qgis_app):
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Base, QColor("#ffffff"))
    palette.setColor(QPalette.ColorRole.Text, QColor("#000000"))
    assert [pen_of(number, plot_colours(palette))[0].name() for number in range(3)] == ["#0072b2", "#d55e00", "#009e73"]
    assert mix(QColor(0, 100, 200), QColor(100, 0, 200), 0.25).getRgb()[:3] == (25, 75, 200)
    assert contrast(QColor("white"), QColor("black")) == pytest.approx(21)
    # WCAG's own example of a grey that just passes on white
    assert contrast(QColor("#767676"), QColor("white")) == pytest.approx(4.54, abs=0.01)
