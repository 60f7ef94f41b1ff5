"""Summaries of jobs as the engine gives them, for tests."""

from __future__ import annotations

from deepsoil_plugin.contract import LOCAL, SCHEMA

AREA = {"type": "Polygon", "coordinates": [[[-105, 40.4], [-104.99, 40.4], [-104.99, 40.41], [-105, 40.4]]]}


def summary(number=0, state="succeeded", **more):
    job_id = f"{number:032x}"
    return {"id": job_id, "kind": "predict", "name": f"Field {number}", "state": state, "reason": None, "message": "",
            "progress": 1.0 if state == "succeeded" else 0.4, "seconds_left": None, "host": LOCAL, "folder": "",
            "created": f"2023-07-{1 + number % 28:02d}T10:{number % 60:02d}:00.000Z", "started": None,
            "ended": "2023-07-15T10:00:00Z", "outputs": [],
            "specification": {"schema": SCHEMA, "id": job_id, "kind": "predict", "name": f"Field {number}",
                              "area": AREA,
                              "dates": {"start": "2023-07-15", "end": "2023-07-15"}, "depths_cm": [5, 20]}, **more}


OUTPUT = {"path": "/nowhere/a.tif", "name": "a.tif", "kind": "map", "depth_cm": 5, "date": "2023-07-15", "size": 10}


def away(number=0, state="running", **more):
    """A summary of a job on a cluster, as the session hands it to the list."""
    return summary(number, state, **{"host": "hydra", "host_title": "Hydra", "away": True, "knowledge": "current",
                                     **more})
