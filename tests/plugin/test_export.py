"""Maps out of QGIS: whole copies, a table with exact figures, a task that can be cancelled."""

from __future__ import annotations

import csv
import errno
import os
import random
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from products import maps, output, summary, write_product
from qgis.core import QgsApplication, QgsProject

from deepsoil_plugin.exports import items as parts
from deepsoil_plugin.exports.action import ExportAction
from deepsoil_plugin.exports.figures import figures_of
from deepsoil_plugin.exports.items import Item, of_file
from deepsoil_plugin.exports.raster import copy_whole
from deepsoil_plugin.exports.run import TABLE_NAME
from deepsoil_plugin.exports.tables import COLUMNS, write_csv
from deepsoil_plugin.exports.task import ExportTask, Stopped
from deepsoil_plugin.exports.wishes import Wishes
from deepsoil_plugin.map import layer_tree
from deepsoil_plugin.map.new_files import NewFiles, label, map_rest, names_for
from deepsoil_plugin.map.result_layers import ResultLayers


def shown(iface: Any, qtbot: Any, *jobs: dict[str, Any]) -> list[Any]:
    layers = ResultLayers(iface)
    for job in jobs:
        layers.show(job)
    qtbot.waitUntil(lambda: not layers._queue, timeout=10_000)
    layers.close()
    return list(QgsProject.instance().mapLayers().values())


def exported(iface: Any, qtbot: Any, layers: list[Any], folder: Path, replace: bool = False) -> str:
    """Export and wait until it has ended; what was said."""
    action = ExportAction(iface)
    action.export(parts.of_layers(layers, all_days=True), folder, Wishes(), replace)
    qtbot.waitUntil(lambda: not action._tasks, timeout=10_000)
    return str(iface.messageBar().currentItem().text())


def two_fields(iface: Any, qtbot: Any, tmp_path: Path, *names: str) -> list[Any]:
    """The layers of two jobs, one map each; the second field is wetter."""
    jobs = []
    for number, (job, name) in enumerate(zip(("a" * 32, "b" * 32), names, strict=True)):
        (tmp_path / job).mkdir()
        path = write_product(tmp_path / job / "soil_moisture_05cm_2023-07-15.tif",
                             np.full((4, 4), 0.1 + number / 10), synthetic=False)
        jobs.append(summary([output(path, 5, "2023-07-15")], job=job, name=name))
    return sorted(shown(iface, qtbot, *jobs), key=lambda layer: layer.customProperty(layer_tree.JOB))


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_maps_and_table_arrive_whole(window: Any, tmp_path: Path, qtbot: Any) -> None:
    made = maps(tmp_path, ["2023-07-15", "2023-07-16"])
    folder = tmp_path / "out" / "deep"
    exported(window, qtbot, shown(window, qtbot, summary(made, end="2023-07-16")), folder)
    names = [f"North_quarter_{one['name']}" for one in made]
    assert sorted(path.name for path in folder.iterdir()) == sorted([TABLE_NAME, *names])
    for one, name in zip(made, names, strict=True):
        assert (folder / name).read_bytes() == Path(one["path"]).read_bytes()
    with (folder / TABLE_NAME).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(row["date"], row["depth_cm"], row["mean"], row["unit"]) for row in rows] == [
        ("2023-07-15", "5", "0.16", "m3/m3"), ("2023-07-15", "20", "0.19", "m3/m3"),
        ("2023-07-16", "5", "0.162", "m3/m3"), ("2023-07-16", "20", "0.192", "m3/m3")]
    assert [row["file"] for row in rows] == names and {row["field"] for row in rows} == {"North quarter"}
    assert rows[0]["pixels"] == str(20 * 30 - 9), "pixels outside the field are not counted"


def test_figures_are_numpys(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    theta = np.round(0.05 + 0.4 * rng.random((700, 301)), 4)
    theta[rng.random(theta.shape) < 0.3] = np.nan
    known = theta[np.isfinite(theta)]
    product = write_product(tmp_path / "a.tif", theta)
    found = figures_of(of_file(product), Wishes(threshold=0.2), lambda: None)
    assert found.pixels == known.size and found.area_ha == pytest.approx(known.size * 0.09)
    assert found.mean == pytest.approx(known.mean(), abs=1e-4)
    assert (found.minimum, found.maximum) == (known.min(), known.max())
    exact = np.percentile(known, [10, 50, 90], method="inverted_cdf")
    assert [found.p10, found.median, found.p90] == pytest.approx(exact, abs=1e-9)
    assert found.below == pytest.approx(100 * (np.round(known, 4) < 0.2).mean(), abs=1e-4)
    assert np.isnan([found.half_width, found.mean_mm, found.volume_m3]).all()


def test_a_map_without_any_pixel_has_no_figures(tmp_path: Path) -> None:
    path = write_product(tmp_path / "a.tif", np.full((4, 4), np.nan))
    found = figures_of(of_file(path), Wishes(threshold=0.2), lambda: None)
    assert (found.pixels, found.area_ha) == (0, 0) and np.isnan([found.mean, found.p90, found.below]).all()


def test_one_field_after_the_other_into_one_folder(window: Any, tmp_path: Path, qtbot: Any) -> None:
    one, other = two_fields(window, qtbot, tmp_path, "North", "South / 2")
    folder = tmp_path / "out"
    exported(window, qtbot, [one], folder)
    first = bytes_of(folder)
    exported(window, qtbot, [other], folder)
    assert set(bytes_of(folder)) - set(first) == {"South_2_soil_moisture_05cm_2023-07-15.tif",
                                                  "soil_moisture_summary_2.csv"}
    assert {name: bytes_of(folder)[name] for name in first} == first


def test_two_fields_of_one_name_both_arrive(window: Any, tmp_path: Path, qtbot: Any) -> None:
    layers = two_fields(window, qtbot, tmp_path, "Home", "home")
    folder = tmp_path / "out"
    exported(window, qtbot, [*layers, layers[0]], folder)
    assert sorted(path.name for path in folder.iterdir()) == [
        "Home_soil_moisture_05cm_2023-07-15.tif", "home_2_soil_moisture_05cm_2023-07-15.tif", TABLE_NAME]
    assert len({path.read_bytes() for path in folder.glob("*.tif")}) == 2
    exported(window, qtbot, layers, folder)
    assert sorted(path.name for path in folder.glob("*.tif")) == [
        "Home_3_soil_moisture_05cm_2023-07-15.tif", "Home_soil_moisture_05cm_2023-07-15.tif",
        "home_2_soil_moisture_05cm_2023-07-15.tif", "home_4_soil_moisture_05cm_2023-07-15.tif"]


def test_fields_of_one_request_keep_their_maps_together(window: Any, tmp_path: Path, qtbot: Any) -> None:
    made = []
    for depth in (5, 20):
        for number, name in enumerate(("Home", "Home", "Far"), 1):
            path = write_product(tmp_path / f"soil_moisture_{depth:02d}cm_2023-07-15_field{number:04d}.tif",
                                 np.full((4, 4), number / 10), depth_cm=depth)
            made.append({**output(path, depth, "2023-07-15"), "field": name})
    exported(window, qtbot, shown(window, qtbot, summary(made)), tmp_path / "out")
    with (tmp_path / "out" / TABLE_NAME).open(encoding="utf-8") as file:
        rows = {row["file"]: (row["field"], row["mean"]) for row in csv.DictReader(file)}
    end = {depth: f"soil_moisture_{depth}cm_2023-07-15.tif" for depth in ("05", "20")}
    assert rows == {**{f"Far_{end[depth]}": ("Far", "0.3") for depth in end},
                    **{f"Home_{end[depth]}": ("Home", "0.1") for depth in end},
                    **{f"Home_2_{end[depth]}": ("Home", "0.2") for depth in end}}


@pytest.mark.parametrize("answer", ["deepsoilExportKeep", "deepsoilExportReplaceYes", "Cancel"])
def test_nothing_is_replaced_unasked(window: Any, qtbot: Any, tmp_path: Path, answer: str) -> None:
    from qgis.PyQt.QtWidgets import QAbstractButton, QMessageBox

    made = maps(tmp_path, ["2023-07-15"])
    items = parts.of_layers(shown(window, qtbot, summary(made)))
    folder = tmp_path / "out"
    folder.mkdir()
    old = {"North_quarter_soil_moisture_05cm_2023-07-15.tif": b"mine", TABLE_NAME: b"mine too"}
    for name, content in old.items():
        (folder / name).write_bytes(content)
    action = ExportAction(window)
    action.export_to(items, folder, Wishes())
    box = window.window.findChild(QMessageBox, "deepsoilExportReplace")
    assert box.isVisible() and "2 files with the same name" in box.text() and str(folder) in box.text()
    assert bytes_of(folder) == old, "nothing is written before the answer"
    button = box.button(QMessageBox.StandardButton.Cancel) if answer == "Cancel" else box.findChild(
        QAbstractButton, answer)
    button.click()
    if answer == "Cancel":
        assert not action._tasks and bytes_of(folder) == old
        return
    qtbot.waitUntil(lambda: not action._tasks, timeout=10_000)
    kept = {name: content for name, content in bytes_of(folder).items() if name in old}
    assert (kept == old) == (answer == "deepsoilExportKeep")
    assert len(bytes_of(folder)) == (5 if answer == "deepsoilExportKeep" else 3)


def test_damaged_maps_are_named_and_the_others_go_on(window: Any, tmp_path: Path, qtbot: Any) -> None:
    made = maps(tmp_path, ["2023-07-15", "2023-07-16"])
    layers = shown(window, qtbot, summary(made, end="2023-07-16"))
    Path(made[2]["path"]).unlink()
    whole = Path(made[1]["path"]).read_bytes()
    Path(made[1]["path"]).write_bytes(whole[:-40])
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "mine.txt").write_text("stays")
    told = exported(window, qtbot, layers, folder)
    assert "3 file" in told and "2 map" in told and "left out" in told
    assert all(Path(made[number]["path"]).name in told for number in (1, 2)) and "Try again" in told
    assert {path.name for path in folder.iterdir()} == {
        "mine.txt", TABLE_NAME, *(f"North_quarter_{Path(made[number]['path']).name}" for number in (0, 3))}
    for one in made:
        Path(one["path"]).write_bytes(b"II*\0 and no more")
    assert "Nothing was written" in exported(window, qtbot, layers, tmp_path / "second")
    assert not (tmp_path / "second").exists()


def test_what_was_there_comes_back_where_a_file_cannot_be_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                                    ) -> None:
    """As on Windows, where a file that is open in another program cannot be."""
    for name in ("a.tif", "b.tif"):
        (tmp_path / name).write_bytes(b"old")
    really = Path.replace

    def replace(self: Path, target: Path) -> Path:
        if target.name == "b.tif" and self.name == "b.tif":
            raise PermissionError(errno.EACCES, "in use", str(target))
        return really(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(PermissionError), NewFiles(tmp_path, replace=True) as new:
        for name in ("c.tif", "a.tif", "b.tif"):
            new.draft(name).write_bytes(b"new")
    assert bytes_of(tmp_path) == {"a.tif": b"old", "b.tif": b"old"}
    assert not any(path.name.startswith(".part") for path in tmp_path.iterdir())


def test_a_cancelled_copy_leaves_nothing_half(tmp_path: Path) -> None:
    source, folder = tmp_path / "a.tif", tmp_path / "maps"
    source.write_bytes(bytes(10_000_000))
    pieces = iter([None, None])

    def check() -> None:
        if next(pieces, "stop") == "stop":
            raise Stopped

    with pytest.raises(Stopped), NewFiles(folder) as new:
        new.draft("first.tif").write_bytes(b"whole")
        copy_whole(source, new.draft("b.tif"), check)
    assert not list(folder.iterdir())


def test_a_file_that_came_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    with pytest.raises(FileExistsError), NewFiles(tmp_path) as new:
        for name in ("a.tif", "b.tif"):
            new.draft(name).write_bytes(b"new")
        (tmp_path / "b.tif").write_bytes(b"of another program")
    assert bytes_of(tmp_path) == {"b.tif": b"of another program"}


def test_where_there_are_no_links_nothing_is_replaced_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: Any) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refused)
    with NewFiles(tmp_path) as new:
        new.draft("a.tif").write_bytes(b"new")
    with pytest.raises(FileExistsError), NewFiles(tmp_path) as again:
        again.draft("a.tif").write_bytes(b"newer")
    assert bytes_of(tmp_path) == {"a.tif": b"new"}


def test_any_names_of_fields_give_files_apart(tmp_path: Path) -> None:
    rng = random.Random(1)
    letters = "aAbé \u0301ß/\\:*?\"<>|.-_'=\n\u200b\ud800水🌾"
    for _ in range(300):
        fields = ["".join(rng.choices(letters, k=rng.choice((0, 1, 3, 9, 200)))) for _ in range(rng.randint(1, 6))]
        rest = map_rest("5", "2023-07-15")
        taken = [names_for([[(fields[0], rest)]])[0][0]] if rng.random() < 0.5 else []
        names = [name for group in names_for([[(field, rest)] for field in fields], taken) for name in group]
        folded = {unicodedata.normalize("NFC", name).casefold() for name in [*names, *taken]}
        assert len(folded) == len(names) + len(taken)
        for name in names:
            assert name.endswith(".tif") and not set(name) & set('/\\:*?"<>|\n') and len(name.encode()) < 200
            assert name[0] not in ". -"
    (tmp_path / names[0]).write_bytes(b"can be a file")


@pytest.mark.parametrize("unit", ["a", "é", "水", "🌾", "a.", "b -", ". é"])
def test_a_label_that_is_cut_still_begins_and_ends_with_a_letter(unit: str) -> None:
    for count in range(200):
        text = label(unit * count)
        assert text == text.strip("._- ") == label(text) and len(text.encode()) <= 120
        assert bool(text) == bool(count) and (unit * count).replace(" ", "_").find(text) >= 0


def test_a_field_that_looks_like_a_formula_is_text_in_the_table(tmp_path: Path) -> None:
    write_csv(tmp_path / "t.csv", [["=HYPERLINK(1)", 5, "2023-07-15", None, -0.1, "m3/m3", "a.tif"]])
    heading, row = (tmp_path / "t.csv").read_text(encoding="utf-8").splitlines()
    assert heading == ",".join(COLUMNS) and row == "'=HYPERLINK(1),5,2023-07-15,,-0.1,m3/m3,a.tif"


def test_a_folder_that_cannot_be_written_is_told(window: Any, tmp_path: Path, qtbot: Any) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    product = write_product(tmp_path / "a.tif", np.full((4, 4), 0.2))
    task = ExportTask([Item(product, "Field", "5", "2023-07-15")], blocked, Wishes())
    told: list[str] = []
    task.ended.connect(lambda _, error: told.append(error))
    QgsApplication.taskManager().addTask(task)
    qtbot.waitUntil(lambda: bool(told), timeout=10_000)
    assert str(blocked) in told[0] and "Choose another one" in told[0] and "Nothing was written" in told[0]


def test_other_layers_are_not_exported(window: Any) -> None:
    ExportAction(window).ask_for_layers([])
    assert "select soil moisture maps" in window.messageBar().currentItem().text()
