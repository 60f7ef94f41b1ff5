"""Channels, weather variables, kinds of source and depths of another package. The examples of docs/extending.md."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy as np
import pandas as pd
import pytest
import rasterio
import yaml
from affine import Affine
from deepsoil import channels
from deepsoil.channels import CHANNELS, Channel, ChannelUse, Kind, register_channel
from deepsoil.contract.errors import DeepSoilError
from deepsoil.depths import DEPTHS, Depth, register_depth
from deepsoil.evaluation.networks import Networks
from deepsoil.evaluation.stations import evaluate
from deepsoil.grid import Window, lonlat_to_pixel
from deepsoil.inputs.features import weather_features
from deepsoil.inputs.stack import Stack
from deepsoil.kinds.registry import find_kind
from deepsoil.models.library import Library
from deepsoil.networks.export import export_random
from deepsoil.sources import kinds
from deepsoil.sources.ingest import ingest
from deepsoil.sources.kinds import register_source
from deepsoil.sources.recipe_files import RecipeFiles
from deepsoil.sources.source import Ingestion, Map, Source
from deepsoil.store.store import Store
from inference_tools import DAY, built, make_context, new_job

BOX = [-96.62, 39.06, -96.55, 39.11]
FIRST, DAYS = date(2023, 5, 1), 40


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    """What a test registers is gone after it."""
    tables: list[dict[Any, Any]] = [CHANNELS, DEPTHS, kinds._KINDS]
    before = [dict(table) for table in tables]
    yield
    for table, entries in zip(tables, before, strict=True):
        table.clear()
        table.update(entries)


# docs: channel
CANOPY_HEIGHT = Channel("canopy_height", "m", "static", 0, 60, "Height of the canopy")
# docs: end

# docs: weather-variable
RADIATION = Channel("radiation", "MJ/m2/day", "coarse", 0, 45, "Solar radiation of the day")
RADIATION_7D = Channel("radiation_7d", "MJ/m2", "sum", 0, 300, "Solar radiation of 7 days", sources=("radiation",),
                       days=7)
# docs: end


# docs: source
class SoilPit(Source):
    """The uppermost layer of a described soil profile (JSON), for the whole area."""

    gives: ClassVar[tuple[Kind, ...]] = ("static",)

    kind: Literal["soil_pit"]
    file: str

    def named_files(self, field: str) -> Iterator[tuple[str, str]]:
        yield self.file, f"{field}.file"

    def check(self, files: RecipeFiles, name: str, field: str) -> None:
        layers = json.loads(files.file(self.file, f"{field}.file").read_text())
        if name not in layers[0]:
            raise DeepSoilError("source_invalid", "{file} has no {channel}.", "Choose another source for it.", field,
                                file=self.file, channel=name)

    def read(self, ingestion: Ingestion, name: str) -> Map:
        layers = json.loads(ingestion.files.file(self.file, f"channels.{name}.file").read_text())
        return np.full(ingestion.window.shape, layers[0][name], np.float32)
# docs: end


# docs: depth
DEEP = Depth(40, tolerance_cm=5.0, channels=("sand", "silt", "clay", "elevation", "precipitation", "temperature", "vpd",
                                             "pet", "precipitation_30d", "water_balance_30d"),
             paper_channels=("sand", "silt", "clay", "elevation", "precipitation", "temperature", "vpd", "pet"),
             network="light_unet", model="random-40cm", title="Subsoil",
             description="Below the plough layer: what is left for a dry spell", colour="#8a5a2b", symbol="triangle")
# docs: end


def constant(unit: str, value: float) -> dict[str, Any]:
    return {"kind": "constant", "unit": unit, "value": value}


def write_recipe(folder: Path, **more: dict[str, Any]) -> Path:
    document = {"schema": 1, "name": "field", "title": "A field", "area": {"box": BOX},
                "channels": {"sand": constant("%", 40), "silt": constant("%", 40), "clay": constant("%", 20),
                             "elevation": constant("m", 300), **more}}
    path = folder / "recipe.yaml"
    path.write_text(yaml.safe_dump(document, sort_keys=False))
    return path


def seen(store: Store, name: str, day: date = FIRST) -> np.ndarray:
    """What a network sees of a channel in the middle of the box."""
    column, row = lonlat_to_pixel(-96.585, 39.085)
    x, _ = Stack(store, [ChannelUse(name, 0.0, True)]).read(day, Window(int(column), int(row), 8, 8))
    return np.asarray(x[0])


def test_a_channel_of_another_package_is_ingested_and_seen_by_a_network(tmp_path: Path) -> None:
    with rasterio.open(tmp_path / "canopy.tif", "w", driver="GTiff", height=100, width=100, count=1, crs="EPSG:4326",
                       dtype="float32", transform=Affine(0.0014, 0, -96.65, 0, -0.0011, 39.14)) as out:
        out.write(np.full((100, 100), 15.0, np.float32), 1)
    recipe = write_recipe(tmp_path, canopy_height={"kind": "raster", "file": "canopy.tif", "unit": "m"})
    with pytest.raises(DeepSoilError, match="'canopy_height' is not a channel"):
        ingest(recipe, tmp_path / "store")
    register_channel(CANOPY_HEIGHT)
    store = ingest(recipe, tmp_path / "store")
    assert store.channels()[-1] == "canopy_height"
    assert seen(store, "canopy_height") == pytest.approx(15 / 60)


def test_a_weather_variable_is_summed_like_the_others(tmp_path: Path) -> None:
    values = np.linspace(5, 25, DAYS).astype(np.float32)
    times = pd.date_range(str(FIRST), periods=DAYS, freq="D")
    pd.DataFrame({"time": times, "sun": values}).to_csv(tmp_path / "sun.csv", index=False)
    register_channel(RADIATION)
    register_channel(RADIATION_7D)
    store = ingest(write_recipe(tmp_path, radiation={
        "kind": "series", "points": [{"file": "sun.csv", "longitude": -96.6, "latitude": 39.1}],
        "time": {"column": "time"}, "column": "sun", "unit": "MJ/m2/day", "statistic": "mean"}), tmp_path / "store")
    day = FIRST + timedelta(days=20)
    assert seen(store, "radiation", day) == pytest.approx(values[20] / 45, rel=1e-4)
    assert seen(store, "radiation_7d", day) == pytest.approx(values[14:21].sum() / 300, rel=1e-4)
    assert (seen(store, "radiation_7d", FIRST) == 0.0).all(), "a week that begins before the weather is filled"
    year = {name: np.ones(400, np.float32) for name in ("precipitation", "pet", "temperature", "radiation")}
    trained = weather_features(year, np.arange(np.datetime64("2021-01-01"), np.datetime64("2022-02-05")))
    assert trained["radiation_7d"][399] == 7.0


def test_a_kind_of_source_of_another_package_is_checked_and_read(tmp_path: Path) -> None:
    (tmp_path / "pit.json").write_text(json.dumps([{"bulk_density": 1.35}, {"bulk_density": 1.6}]))
    recipe = write_recipe(tmp_path, bulk_density={"kind": "soil_pit", "file": "pit.json"})
    with pytest.raises(DeepSoilError, match="soil_pit"):
        ingest(recipe, tmp_path / "store")
    register_source(SoilPit)
    store = ingest(recipe, tmp_path / "store")
    assert seen(store, "bulk_density") == pytest.approx((1.35 - 0.5) / 1.5)
    assert store.source("bulk_density") == "pit.json"
    for change, code, words in (
            ({"bulk_density": {"kind": "soil_pit", "file": "pit.json", "depth": 3}}, "recipe_invalid",
             "file, kind, note"),
            ({"bulk_density": {"kind": "soil_pit", "file": "other.json"}}, "source_missing", "other.json"),
            ({"organic_matter": {"kind": "soil_pit", "file": "pit.json"}}, "source_invalid", "no organic_matter"),
            ({"ndvi": {"kind": "soil_pit", "file": "pit.json"}}, "recipe_invalid", "cannot give ndvi")):
        with pytest.raises(DeepSoilError) as caught:
            ingest(write_recipe(tmp_path, **change), tmp_path / "store")
        assert caught.value.code == code and words in str(caught.value), change


def test_a_depth_of_another_package_is_asked_for_predicted_and_scored(tmp_path: Path,
                                                                     tmp_path_factory: pytest.TempPathFactory) -> None:
    context = make_context(built(tmp_path_factory), tmp_path / "home")
    with pytest.raises(DeepSoilError, match="there are 5, 20"):
        new_job(context, depths_cm=[40])
    register_depth(DEEP)
    assert list(DEPTHS) == [5, 20, 40]
    export_random(tmp_path / "home" / "models" / "random-40cm.onnx", 40)
    folder = new_job(context, depths_cm=[5, 40])
    find_kind("predict").run(folder.specification(), folder, context)
    names = sorted(path.name for path in (folder.path / "outputs").glob("*.tif"))
    assert names == [f"soil_moisture_05cm_{DAY}.tif", f"soil_moisture_40cm_{DAY}.tif"]
    with rasterio.open(folder.path / "outputs" / names[1]) as map_:
        assert map_.tags()["DEEPSOIL_DEPTH_CM"] == "40" and (map_.read(1) != map_.nodata).any()
    listed = {model["id"]: model for model in context.library.list()}
    assert listed["random-40cm"]["depth_cm"] == 40 and listed["random-40cm"]["default"]
    store = context.regions.get("made-up")
    with pytest.raises(DeepSoilError, match="No station measures near 40 cm"):
        evaluate(store, Networks(store, {40: Library(tmp_path / "home").find(40)}), [DAY])


@pytest.mark.parametrize(("change", "words"), [
    ({"depth_cm": 20, "title": "Another"}, "registered already"), ({"depth_cm": 0}, "between 1 and 100"),
    ({"depth_cm": 12}, "share sensors"), ({"channels": ("snow_depth",)}, "'snow_depth'")])
def test_a_depth_that_cannot_be_is_refused(change: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        register_depth(Depth(**{**vars(DEEP), **change}))
    assert list(DEPTHS) == [5, 20]


@pytest.mark.parametrize(("channel", "words"), [
    (Channel("sand", "%", "static", 0, 50, "Other sand"), "registered already"),
    (Channel("x", "-", "static", 1, 1, "X"), "range"),
    (Channel("x", "mm", "sum", 0, 1, "X", sources=("sand",), days=3), "coarse channels"),
    (Channel("x", "mm", "sum", 0, 1, "X", sources=("pet",), days=90), "at most 30"),
    (Channel("x", "-", "class", 0, 1, "X"), "static channels"),
    (Channel("x", "-", "static", 0, 1, "X", sources=("sand",)), "left out"),
    (Channel("x", "-", "calendar", 0, 1, "X"), "formula")])
def test_a_channel_that_cannot_be_is_refused(channel: Channel, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        register_channel(channel)
    assert "x" not in CHANNELS


def test_an_installed_package_adds_its_entries_in_every_process(tmp_path: Path) -> None:
    """Jobs run in processes of their own: an entry point reaches all of them, a call to register only one."""
    (tmp_path / "lidar.py").write_text(
        "from deepsoil.channels import Channel\n"
        'CANOPY_HEIGHT = Channel("canopy_height", "m", "static", 0, 60, "Height of the canopy")\n')
    packaged = tmp_path / "lidar-1.dist-info"
    packaged.mkdir()
    (packaged / "METADATA").write_text("Metadata-Version: 2.1\nName: lidar\nVersion: 1\n")
    (packaged / "entry_points.txt").write_text(
        "[deepsoil.channels]\ncanopy_height = lidar:CANOPY_HEIGHT\nlost = lidar:NOTHING\n")
    engine = str(Path(channels.__file__).parents[1])
    done = subprocess.run([sys.executable, "-W", "always", "-c", "from deepsoil.channels import CHANNELS; "
                           "print(CHANNELS['canopy_height'].title)"], capture_output=True, text=True, check=True,
                          env={"PYTHONPATH": f"{tmp_path}:{engine}", "PATH": ""})
    assert done.stdout.strip() == "Height of the canopy"
    assert "'lost' of lidar:NOTHING could not be added" in done.stderr, "and a broken one does no harm"
