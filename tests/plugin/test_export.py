"""Maps out of QGIS: whole copies, a table with exact figures, a task that can be cancelled."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from products import maps, output, summary, write_product
from qgis.core import Qgis, QgsApplication, QgsProject

from deepsoil_plugin.map import export
from deepsoil_plugin.map.export import ExportAction, Item
from deepsoil_plugin.map.result_layers import ResultLayers


def shown(iface: Any, qtbot: Any, *jobs: dict[str, Any]) -> list[Any]:
    layers = ResultLayers(iface)
    for job in jobs:
        layers.show(job)
    qtbot.waitUntil(lambda: not layers._queue, timeout=10_000)
    layers.close()
    return list(QgsProject.instance().mapLayers().values())


def test_maps_and_table_arrive_whole(qgis_iface: Any, qgis_new_project: None, tmp_path: Path, qtbot: Any) -> None:
    made = maps(tmp_path, ["2023-07-15", "2023-07-16"])
    layers = shown(qgis_iface, qtbot, summary(made, end="2023-07-16"))
    folder = tmp_path / "out" / "deep"
    qgis_iface.messageBar().clear_messages()
    ExportAction(qgis_iface).export(layers, folder)
    qtbot.waitUntil(lambda: bool(qgis_iface.messageBar().get_messages(Qgis.MessageLevel.Success)), timeout=10_000)
    assert sorted(path.name for path in folder.iterdir()) == sorted([export.TABLE_NAME, *(o["name"] for o in made)])
    for one in made:
        assert (folder / one["name"]).read_bytes() == Path(one["path"]).read_bytes()
    with (folder / export.TABLE_NAME).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(row["date"], row["depth_cm"], row["mean"], row["unit"]) for row in rows] == [
        ("2023-07-15", "5", "0.16", "m3/m3"), ("2023-07-15", "20", "0.19", "m3/m3"),
        ("2023-07-16", "5", "0.162", "m3/m3"), ("2023-07-16", "20", "0.192", "m3/m3")]
    assert rows[0]["pixels"] == str(20 * 30 - 9), "pixels outside the field are not counted"


def test_figures_are_numpys(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    theta = np.round(0.05 + 0.4 * rng.random((700, 301)), 4)
    theta[rng.random(theta.shape) < 0.3] = np.nan
    known = theta[np.isfinite(theta)]
    product = write_product(tmp_path / "a.tif", theta)
    pixels, mean, low, p10, median, p90, high = export.summary_of(product, lambda: None)
    assert pixels == known.size
    assert mean == pytest.approx(known.mean(), abs=1e-4)
    assert (low, high) == (known.min(), known.max())
    exact = np.percentile(known, [10, 50, 90], method="inverted_cdf")
    assert [p10, median, p90] == pytest.approx(exact, abs=1e-9)


def test_a_map_without_any_pixel_has_no_figures(tmp_path: Path) -> None:
    figures = export.summary_of(write_product(tmp_path / "a.tif", np.full((4, 4), np.nan)), lambda: None)
    assert figures[0] == 0 and np.isnan(figures[1:]).all()


def test_two_fields_with_the_same_file_names_both_arrive(qgis_iface: Any, qgis_new_project: None, tmp_path: Path,
                                                         qtbot: Any) -> None:
    jobs = []
    for number, job in enumerate(("a" * 32, "b" * 32)):
        (tmp_path / job).mkdir()
        path = write_product(tmp_path / job / "m.tif", np.full((4, 4), 0.1 + number / 10), synthetic=False)
        jobs.append(summary([output(path, 5, "2023-07-15")], job=job, name=f"Field {number}"))
    items = export.items_of(shown(qgis_iface, qtbot, *jobs))
    assert [item.field for item in items] == ["Field 0 · 15 Jul 2023", "Field 1 · 15 Jul 2023"]
    assert export.distinct_names([item.source.name for item in items]) == ["m.tif", "m_2.tif"]


def test_a_cancelled_copy_leaves_nothing_half(tmp_path: Path) -> None:
    (tmp_path / "maps").mkdir()
    source = tmp_path / "maps" / "a.tif"
    source.write_bytes(bytes(10_000_000))
    pieces = iter([None, None])

    def check() -> None:
        if next(pieces, "stop") == "stop":
            raise export.Stopped

    with pytest.raises(export.Stopped):
        export.copy_whole(source, source.with_name("b.tif"), check)
    assert [path.name for path in source.parent.iterdir()] == ["a.tif"]


def test_a_folder_that_cannot_be_written_is_told(qgis_iface: Any, qgis_new_project: None, tmp_path: Path,
                                                 qtbot: Any) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    task = export.ExportTask([Item(tmp_path / "a.tif", "Field", 5, "2023-07-15")], blocked, table=True)
    told: list[str] = []
    task.ended.connect(told.append)
    QgsApplication.taskManager().addTask(task)
    qtbot.waitUntil(lambda: bool(told), timeout=10_000)
    assert "could not be exported" in told[0] and str(blocked) in told[0]


def test_other_layers_are_not_exported(qgis_iface: Any, qgis_new_project: None) -> None:
    qgis_iface.messageBar().clear_messages()
    assert ExportAction(qgis_iface).export([], Path("/nowhere")) is None
    assert "select soil moisture maps" in qgis_iface.messageBar().get_messages(Qgis.MessageLevel.Info)[0]
