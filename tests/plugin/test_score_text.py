"""The words for a model's accuracy never take the error against simulated columns for that at stations."""

from __future__ import annotations

import random

import pytest

from deepsoil_plugin.training.score_text import score_lines, score_text

STATION = {"name": "MAE", "value": 0.029, "unit": "m3/m3", "reference": "stations", "split": "a year not seen",
           "baseline": "the station a week before", "baseline_value": 0.016, "measured": True, "n": 10, "days": 365,
           "period": "2023", "group": None}
GROUP = {**STATION, "measured": False, "group": "irrigated fields", "value": 0.142, "n": 4, "period": "July 2023",
         "reference": "synthetic sample region", "baseline": "others", "baseline_value": 0.065}
SIMULATED = {"name": "MAE", "value": 0.008, "unit": "m3/m3", "reference": "soil-column simulation", "split": "dates",
             "baseline": "persistence 7 d", "baseline_value": 0.019}  # as an earlier engine tells it


@pytest.mark.parametrize("seed", range(8))
def test_the_score_at_stations_comes_first(seed):
    metrics = [SIMULATED, STATION, GROUP, {**SIMULATED, "value": 0.009}, {**GROUP, "value": 0.1, "group": "forest"}]
    random.Random(seed).shuffle(metrics)
    assert score_text({"metrics": metrics}) == "0.029 at stations"
    lines = score_lines({"metrics": metrics})
    assert lines[0].startswith("At stations: MAE 0.029 m³/m³ (10 stations, 365 days, 2023; a year not seen)")
    assert "0.016 (the station a week before)" in lines[0]
    assert lines[1].startswith("Worst group: irrigated fields, MAE 0.142") and "synthetic sample region" in lines[1]
    assert "synthetic, nothing measured" in lines[2] and "0.00" in lines[2] and len(lines) == 3


def test_without_stations_it_is_said():
    assert score_text({"metrics": [SIMULATED]}) == "0.008 in simulation only"
    assert "not known" in score_lines({"metrics": [SIMULATED]})[0]
    assert (score_text({"metrics": []}), score_lines({})) == ("", [])
