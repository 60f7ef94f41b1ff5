"""Makes tables and a recipe of the USCRN station Manhattan 6 SSW, Kansas: a second real place to judge networks at.

    python -m deepsoil.experiments.uscrn_region DATA/kings_creek/uscrn_manhattan_6_ssw_daily.csv build/uscrn
    deepsoil ingest build/uscrn/uscrn_manhattan.yaml build/stores/uscrn_manhattan --root DATA
    deepsoil evaluate build/stores/uscrn_manhattan --start 2014-01-01 --end 2014-12-31

Soil, terrain and cover are those of the recipe of Kings Creek, on the same prairie. There is no wind in the table:
3 m/s is assumed. Days are local days, taken for UTC days. Gaps of up to ten days in temperature and demand are
interpolated.
"""

from __future__ import annotations

import argparse
import copy
import csv
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from deepsoil.contract.table_cells import guarded_row
from deepsoil.experiments.column_places import LONGEST_GAP_DAYS, USCRN_ELEVATION_M, USCRN_WIND_M_S
from deepsoil.inputs.vapour_pressure import saturation_kpa
from deepsoil.io import yaml_files
from deepsoil.models.library import shipped_resources
from deepsoil.sources.reference_et import penman_monteith

FIRST, LAST = "2009-08-01", "2017-12-31"
_STATIC = ("elevation", "slope", "aspect", "northness", "land_cover", "koppen", "sand", "silt", "clay", "bulk_density",
           "organic_matter", "theta_r", "theta_s", "log10_vg_alpha", "vg_n", "log10_ks")


def daily_table(path: Path) -> pd.DataFrame:
    """Weather and readings by day; a reading in soil below 1 °C is left to the quality control."""
    table = pd.read_csv(path)
    table.index = pd.to_datetime(table.LST_DATE.astype(str))
    table = table.mask(table.isin([-9999, -99])).loc[FIRST:LAST]
    saturated = saturation_kpa(table.T_DAILY_AVG)
    actual = saturated * table.RH_DAILY_AVG.clip(1, 100) / 100
    pet = penman_monteith(pd.DataFrame({"tmin": table.T_DAILY_MIN, "tmax": table.T_DAILY_MAX,
                                        "vapour_pressure": actual, "radiation": table.SOLARAD_DAILY,
                                        "wind": USCRN_WIND_M_S}), float(table.LATITUDE.dropna().iloc[0]),
                          USCRN_ELEVATION_M)
    filled = pd.DataFrame({"temperature": table.T_DAILY_AVG, "vpd": (saturated - actual).clip(lower=0),
                           "pet": pet.clip(lower=0)}).interpolate(limit=LONGEST_GAP_DAYS)
    return filled.assign(day=table.index.strftime("%Y-%m-%d"), precipitation=table.P_DAILY_CALC.fillna(0.0),
                         theta_5=table.SOIL_MOISTURE_5_DAILY, theta_20=table.SOIL_MOISTURE_20_DAILY,
                         temperature_5=table.SOIL_TEMP_5_DAILY, temperature_20=table.SOIL_TEMP_20_DAILY)


def recipe(kings_creek: dict[str, Any], table: Path, longitude: float, latitude: float) -> dict[str, Any]:
    """The recipe of Kings Creek with the weather and the readings of this table."""
    document = copy.deepcopy(kings_creek)
    time = {"column": "day", "zone": "UTC"}
    series = {"kind": "series", "points": [{"file": str(table), "longitude": longitude, "latitude": latitude}],
              "time": time, "statistic": "mean"}
    units = {"precipitation": "mm/day", "temperature": "degC", "vpd": "kPa", "pet": "mm/day"}
    document.update(name="uscrn_manhattan", title="USCRN Manhattan 6 SSW, Kansas", dates={"start": FIRST, "end": LAST})
    document["channels"] = {name: document["channels"][name] for name in _STATIC} | {
        name: {**series, "column": name, "unit": unit} for name, unit in units.items()}
    document["stations"] = {
        "list": str(table.with_name("stations.csv")), "id": "name", "longitude": "longitude", "latitude": "latitude",
        "network": "USCRN", "files": str(table.with_name("{id}.csv")), "time": time, "unit": "m3/m3",
        "depths_cm": {depth: {"theta": f"theta_{depth}", "temperature": f"temperature_{depth}"} for depth in (5, 20)}}
    return document


def _write(path: Path, table: pd.DataFrame) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(table.columns)
        writer.writerows(guarded_row(["" if pd.isna(cell) else cell for cell in row])
                         for row in table.itertuples(index=False))


def main() -> None:
    """Write the tables and the recipe."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("uscrn", type=Path, help="daily table of USCRN Manhattan")
    parser.add_argument("output", type=Path)
    arguments = parser.parse_args()
    resources = shipped_resources()
    assert resources is not None
    folder = arguments.output.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    place = pd.read_csv(arguments.uscrn, usecols=["LONGITUDE", "LATITUDE"]).astype(np.float64).median()
    table = folder / "manhattan_6_ssw.csv"
    _write(table, daily_table(arguments.uscrn))
    _write(folder / "stations.csv", pd.DataFrame([{"name": table.stem, "longitude": place.LONGITUDE,
                                                   "latitude": place.LATITUDE}]))
    kings_creek = yaml_files.load(yaml_files.read_text(resources / "recipes" / "kings_creek.yaml"))[0]
    for channel in ("land_cover", "koppen"):
        kings_creek["channels"][channel]["crosswalk"] = str(
            resources / "recipes" / kings_creek["channels"][channel]["crosswalk"])
    document = recipe(kings_creek, table, float(place.LONGITUDE), float(place.LATITUDE))
    path = folder / "uscrn_manhattan.yaml"
    path.write_text(yaml.safe_dump(document, sort_keys=False, allow_unicode=True), "utf-8")
    print(f"Written: {path}")


if __name__ == "__main__":
    main()
