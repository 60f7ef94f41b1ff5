"""The table of crops against the tables that it is taken from, written down here once more."""

from __future__ import annotations

import pytest
from deepsoil.soil.crops import CROPS, OF_CDL

# FAO Irrigation and Drainage Paper 56 (1998) by the rows of its tables.
# Table 11: days of the initial, development, mid-season and late stage of the row whose region and month are named.
TABLE_11 = {
    "maize, Spain and California, April": (30, 40, 50, 30), "soybeans, central USA, May": (20, 35, 60, 25),
    "sorghum, USA, May to June": (20, 35, 40, 30), "cotton, Texas, April": (30, 50, 55, 45),
    "sunflower, Mediterranean and California, April to May": (25, 35, 45, 25),
    "groundnut, Mediterranean, May to June": (35, 45, 35, 25), "rice, Mediterranean, May": (30, 30, 60, 30),
    "dry beans, Idaho, June": (25, 25, 30, 20), "potato, Idaho, April to May": (45, 30, 70, 20),
    "sugar beet, Idaho, April": (50, 40, 50, 40), "millet, central USA, April": (20, 30, 55, 35),
    "tomato, California, April to May": (35, 40, 50, 30), "small grains, 35-45 degrees": (20, 25, 60, 30),
    "safflower, high latitudes, March": (25, 35, 55, 30), "peas, Idaho, April": (35, 25, 30, 20),
    "lentil, Europe, April": (20, 30, 60, 40), "winter wheat, Idaho, October": (160, 75, 75, 25),
}
# Table 12: single crop coefficient (initial, middle, end), height in m. Table 17: basal coefficient.
# Table 22: depth of the roots in m (least, greatest maximum), depletion fraction.
ROWS = {
    "corn": ("maize, Spain and California, April", (0.3, 1.2, 0.35), 2.0, (0.15, 1.15, 0.15), (1.0, 1.7), 0.55),
    "soybean": ("soybeans, central USA, May", (0.5, 1.15, 0.5), 0.75, (0.15, 1.1, 0.3), (0.6, 1.3), 0.5),
    "sorghum": ("sorghum, USA, May to June", (0.3, 1.05, 0.55), 1.5, (0.15, 1.0, 0.35), (1.0, 2.0), 0.55),
    "cotton": ("cotton, Texas, April", (0.35, 1.17, 0.6), 1.35, (0.15, 1.12, 0.45), (1.0, 1.7), 0.65),
    "sunflower": ("sunflower, Mediterranean and California, April to May", (0.35, 1.1, 0.35), 2.0,
                  (0.15, 1.1, 0.25), (0.8, 1.5), 0.45),
    "peanut": ("groundnut, Mediterranean, May to June", (0.4, 1.15, 0.6), 0.4, (0.15, 1.1, 0.5), (0.5, 1.0), 0.5),
    "rice": ("rice, Mediterranean, May", (1.05, 1.2, 0.75), 1.0, (1.0, 1.15, 0.57), (0.5, 1.0), 0.2),
    "dry_bean": ("dry beans, Idaho, June", (0.4, 1.15, 0.35), 0.4, (0.15, 1.1, 0.25), (0.6, 0.9), 0.45),
    "potato": ("potato, Idaho, April to May", (0.5, 1.15, 0.75), 0.6, (0.15, 1.1, 0.65), (0.4, 0.6), 0.35),
    "sugar_beet": ("sugar beet, Idaho, April", (0.35, 1.2, 0.7), 0.5, (0.15, 1.15, 0.5), (0.7, 1.2), 0.55),
    "millet": ("millet, central USA, April", (0.3, 1.0, 0.3), 1.5, (0.15, 0.95, 0.2), (1.0, 2.0), 0.55),
    "tomato": ("tomato, California, April to May", (0.6, 1.15, 0.8), 0.6, (0.15, 1.1, 0.7), (0.7, 1.5), 0.4),
    "spring_wheat": ("small grains, 35-45 degrees", (0.3, 1.15, 0.25), 1.0, (0.15, 1.1, 0.15), (1.0, 1.5), 0.55),
    "barley": ("small grains, 35-45 degrees", (0.3, 1.15, 0.25), 1.0, (0.15, 1.1, 0.15), (1.0, 1.5), 0.55),
    "oats": ("small grains, 35-45 degrees", (0.3, 1.15, 0.25), 1.0, (0.15, 1.1, 0.15), (1.0, 1.5), 0.55),
    "canola": ("safflower, high latitudes, March", (0.35, 1.1, 0.35), 0.6, (0.15, 1.1, 0.25), (1.0, 1.5), 0.6),
    "pea": ("peas, Idaho, April", (0.5, 1.15, 0.3), 0.5, (0.15, 1.1, 0.2), (0.6, 1.0), 0.4),
    "lentil": ("lentil, Europe, April", (0.4, 1.1, 0.3), 0.5, (0.15, 1.05, 0.2), (0.6, 0.8), 0.5),
    "winter_wheat": ("winter wheat, Idaho, October", (0.4, 1.15, 0.25), 1.0, (0.15, 1.1, 0.15), (1.5, 1.8), 0.55),
    # Table 17 has single cuttings only; the mean over cuttings is that of Table 12, less 0.05.
    "alfalfa": (None, (0.4, 0.95, 0.9), 0.7, (0.3, 0.9, 0.85), (1.0, 2.0), 0.55),
    "pasture": (None, (0.4, 0.9, 0.85), 0.22, (0.3, 0.9, 0.8), (0.5, 1.5), 0.6),
    "hay": (None, (0.95, 1.05, 1.0), 0.3, (0.85, 1.0, 0.95), (0.6, 1.0), 0.6),
}
# Classes of the Cropland Data Layer by their names in its legend; two crops in a year are written "first/second".
LEGEND = {
    1: "corn", 2: "cotton", 3: "rice", 4: "sorghum", 5: "soybean", 6: "sunflower", 10: "peanut", 12: "sweet corn",
    13: "pop or ornamental corn", 21: "barley", 22: "durum wheat", 23: "spring wheat", 24: "winter wheat",
    26: "winter wheat/soybean", 27: "rye", 28: "oats", 29: "millet", 31: "canola", 34: "rape seed", 36: "alfalfa",
    37: "other hay", 41: "sugar beet", 42: "dry bean", 43: "potato", 52: "lentil", 53: "pea", 54: "tomato",
    205: "triticale", 225: "winter wheat/corn", 226: "oats/corn", 228: "triticale/corn", 232: "lettuce/cotton",
    233: "lettuce/barley", 234: "durum wheat/sorghum", 235: "barley/sorghum", 236: "winter wheat/sorghum",
    237: "barley/corn", 238: "winter wheat/cotton", 239: "soybean/cotton", 240: "soybean/oats", 241: "corn/soybean",
    254: "barley/soybean",
}
SHORT = {"sweet corn": "corn", "pop or ornamental corn": "corn", "durum wheat": "spring_wheat", "rye": "winter_wheat",
         "triticale": "winter_wheat", "rape seed": "canola", "other hay": "hay"}


@pytest.mark.parametrize("key", sorted(CROPS))
def test_a_crop_has_the_figures_of_the_tables_of_fao_56(key: str) -> None:
    crop, (row, kc, height_m, kcb, roots_m, depletion) = CROPS[key], ROWS[key]
    assert (crop.kc, crop.height_m, crop.kcb, crop.roots_m, crop.depletion) == (kc, height_m, kcb, roots_m, depletion)
    assert row is None or crop.stages_days == TABLE_11[row]
    assert crop.root_depth_cm == pytest.approx(100 * (roots_m[0] + roots_m[1]) / 2)
    assert crop.season == ("winter" if key == "winter_wheat" else "summer" if row else "perennial")


def test_two_crops_in_a_year_count_as_the_first_of_them_that_the_table_has() -> None:
    wanted = {}
    for code, names in LEGEND.items():
        known = [key for name in names.split("/") if (key := SHORT.get(name, name.replace(" ", "_"))) in CROPS]
        wanted[code] = known[0]
    assert wanted == OF_CDL


def test_crops_are_planted_in_the_order_of_the_warmth_that_they_need() -> None:
    """Sacks et al. (2010): small grains and peas first, then potatoes, corn at 12-17 degC, and the tropical ones."""
    at = {key: crop.planted_at_celsius for key, crop in CROPS.items()}
    early = {at[key] for key in ("spring_wheat", "barley", "oats", "canola", "pea", "lentil", "sugar_beet")}
    assert early == {9} and {at[key] for key in ("alfalfa", "pasture", "hay")} == {5}
    assert max(early) < at["potato"] < at["corn"] <= 17 and at["corn"] >= 12
    late = [at[key] for key in ("soybean", "sorghum", "cotton", "peanut", "rice", "millet", "dry_bean", "sunflower")]
    assert at["corn"] < min(late) and max(late) <= 21
    assert at["corn"] < at["tomato"] < at["sorghum"] == at["cotton"]
