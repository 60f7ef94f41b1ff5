"""A plan as the engine gives it, and what tests of gathering look for."""

from __future__ import annotations

from typing import Any

TODAY_UNTIL = "2026-11-28"


def archive(name: str, needs: list[str], size: int, **more: Any) -> dict[str, Any]:
    return {"name": name, "title": name.title(), "needs": needs, "used_for": needs, "channels": [], "pieces": 3,
            "licence": "public domain", "attribution": f"Data of {name}.", "terms": None, "account": None, "off": False,
            "agreed": True, "has_account": True, "bytes": size, "seconds": 20, "hosts": [f"{name}.example"],
            "last_checked": None, "problem": None} | more


def refusal(code: str, message: str) -> dict[str, Any]:
    return {"code": code, "message": message, "hint": "", "field": None}


ARCHIVES = [
    archive("gridmet", ["weather"], 20_000_000),
    archive("survey", ["soil"], 12_000_000),
    archive("elevation", ["elevation"], 8_000_000),
    archive("polaris", ["soil"], 0, used_for=[], licence="CC BY-NC 4.0", terms="Not for commercial use.", agreed=False,
            problem=refusal("archive_terms", "Polaris is used only by those who agree.")),
    archive("smap_l3", ["smap"], 0, used_for=[], account="earthdata", has_account=False,
            problem=refusal("archive_account", "It needs an account.")),
]
PLAN = {"start": "2023-11-30", "end": "2026-11-30", "bytes": 40_000_000, "seconds": 121.0, "title": "Field at 46° N",
        "folder": "/home/user/regions-data/46-n", "covered_by": None, "archives": ARCHIVES,
        "without": [{"need": "stations", "title": "Stations", "problem": refusal("archive_outside", "None is near.")}],
        "problems": []}
FOOTPRINT = {"type": "Polygon", "coordinates": [[[-105.1, 40.3], [-104.7, 40.3], [-104.7, 40.6], [-105.1, 40.6],
                                                 [-105.1, 40.3]]]}
REGION = {"id": "gathered", "path": "/r/gathered/store", "name": "My field", "synthetic": False, "footprint": FOOTPRINT,
          "first_date": "2023-11-30", "last_date": TODAY_UNTIL, "channels": [], "stations": 0, "problem": None,
          "attribution": "gridMET (Abatzoglou 2013); 3DEP (USGS)", "gathered": "/r/gathered"}
