"""The texts that a user reads: plain English, and nothing that a theme or a distance makes untrue."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from deepsoil.areas import outside
from shapely.geometry import box, mapping

ROOT = Path(__file__).resolve().parents[2]
HELP = ROOT / "resources" / "help" / "index.md"
# What a native speaker would not say, or would not understand.
ODD = {
    r"(?<!there )\bis no\b(?! longer| better)": "is not a …", r"\banew\b": "again",
    r"\bmake room\b(?! for a job)": "free some space",
    r"\bfor ever\b": "never", r"\bthat are kept\b": "kept", r"\bthere are (no )?data\b": "there is (no) data",
    r"\bmove the area into\b": "a field stays where it is", r"“retry”": "“Try again”", r"“regions”": "no such page",
    r"\bbroke off\b|\bbroke before\b": "was lost", r"\bgoes? on\b": "continues", r"\bdecides\b": "what happens?",
}


def texts() -> list[str]:
    """Every text of plugin and engine that is translated."""
    tree = ET.parse(ROOT / "resources" / "i18n" / "deepsoil_es.ts")
    return [source.text or "" for source in tree.iter("source")]


@pytest.mark.parametrize(("pattern", "better"), ODD.items())
def test_no_odd_words_reach_the_user(pattern: str, better: str) -> None:
    found = [text for text in [*texts(), HELP.read_text(encoding="utf-8")] if re.search(pattern, text, re.IGNORECASE)]
    assert not found, f"say instead: {better}"


def test_the_help_names_no_colour_of_a_theme() -> None:
    """Only the colours of the maps are the same everywhere; lines and texts follow QGIS's light or dark theme."""
    of_maps = "The colours are the same on every map"
    lines = [line for line in HELP.read_text(encoding="utf-8").splitlines() if not line.startswith(of_maps)]
    named = re.findall(r"\b(?:blue|orange|grey|gray|red|green|white|black|yellow)\b", "\n".join(lines), re.IGNORECASE)
    assert not named


@pytest.mark.parametrize("away_degrees", [0.01, 1.0, 17.0])
def test_a_far_field_is_not_told_to_move(away_degrees: float) -> None:
    field, region = box(-105, 40, -104.99, 40.01), box(-104.99 + away_degrees, 40, -104.0 + away_degrees, 41)
    problem = outside(mapping(field), {"Plains": mapping(region)})
    assert problem.code == "area_outside" and "to the east" in problem.message
    if away_degrees > 0.1:
        assert problem.message.startswith("There is no data for this field: the nearest region, 'Plains', begins ")
        assert not re.search(r"\b(move|draw)\b", problem.hint, re.IGNORECASE)
