"""A stand-in for the engine that really ends its jobs: it writes the files that ``DEEPSOIL_FAKE_FILES`` names.

``DEEPSOIL_FAKE_FILES``: JSON ``{name: [path to copy, depth_cm or null, date or null]}``. ``DEEPSOIL_FAKE_END``: the
state in which a job ends; ``never`` runs until it is cancelled; ``die`` ends the engine; ``asks`` ends it well once a
question has been answered. ``DEEPSOIL_FAKE_WARNINGS``: JSON, of every job. ``DEEPSOIL_FAKE_LOG``: a file for the
requests. ``DEEPSOIL_FAKE_HOSTS``: JSON, the hosts; the files of a job of a host come when they are asked for, and the
event of it is sent before the answer. ``DEEPSOIL_FAKE_IRRIGATION``: JSON, what any irrigation log is read as;
``DEEPSOIL_FAKE_PROBES`` and ``DEEPSOIL_FAKE_READING``: the same for a file of probes, and for a reading in words.
``DEEPSOIL_FAKE_SMAP``: JSON, the comparison with SMAP.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

TOKEN = "@deepsoil "
END = os.environ.get("DEEPSOIL_FAKE_END", "succeeded")


def write(document: dict) -> None:
    sys.stdout.write(TOKEN + json.dumps(document) + "\n")
    sys.stdout.flush()


def summary(specification: dict, state: str, **changes: object) -> dict:
    return {"id": specification["id"], "kind": specification["kind"], "name": specification["name"], "state": state,
            "reason": None, "message": "Working", "progress": 0.5, "specification": specification, "folder": "/jobs/x",
            "outputs": [], "host": "local", "warnings": json.loads(os.environ.get("DEEPSOIL_FAKE_WARNINGS", "[]")),
            **changes}


def ending(specification: dict) -> dict:
    if END == "failed":
        reason = {"code": "no_weather", "message": "No weather for 2 May.", "hint": "Choose another day."}
        return summary(specification, "failed", reason=reason)
    files = json.loads(os.environ.get("DEEPSOIL_FAKE_FILES", "{}"))
    outputs = [{"name": name, "path": path, "depth_cm": depth, "date": day, "kind": "map", "size": 1, "sha256": ""}
               for name, (path, depth, day) in files.items()]
    return summary(specification, "succeeded", progress=1.0, message="Finished", outputs=outputs)


def away(job: dict, retrieval: str) -> dict:
    """A job of a host whose files are not here."""
    return {**job, "host": "hydra", "retrieval": {"state": retrieval, "bytes": 0, "total": 1, "error": None},
            "outputs": [{**output, "path": None} for output in job["outputs"]]}


def main() -> None:
    specification: dict = {}
    for line in sys.stdin:
        request = json.loads(line[len(TOKEN):])
        with Path(os.environ["DEEPSOIL_FAKE_LOG"]).open("a", encoding="utf-8") as log:
            log.write(json.dumps(request) + "\n")
        method = request["method"]
        result: dict = {}
        if method == "compare_smap":
            result = json.loads(os.environ["DEEPSOIL_FAKE_SMAP"])
        if method == "submit":
            specification = request["params"]["specification"]
            if specification.get("region") == "nowhere":
                error = {"code": "region_unknown", "message": "There is no region 'nowhere'.", "hint": "Add it."}
                write({"id": request["id"], "error": error})
                continue
            result = summary(specification, "running")
        elif method == "cancel":
            result = summary(specification, "running")
        elif method == "hosts":
            result = json.loads(os.environ.get("DEEPSOIL_FAKE_HOSTS", "[]"))
        elif method == "irrigation_log":
            result = json.loads(os.environ["DEEPSOIL_FAKE_IRRIGATION"])
        elif method in ("probe_table", "read_reading"):
            result = json.loads(os.environ["DEEPSOIL_FAKE_PROBES" if method == "probe_table" else
                                           "DEEPSOIL_FAKE_READING"])
        elif method == "retrieve":
            write({"event": "job", "job": ending(specification)})
            result = away(ending(specification), "running")
        far = method == "submit" and request["params"].get("host")
        write({"id": request["id"], "result": result})
        if method == "submit" and END == "die":
            print("Fatal: out of memory", file=sys.stderr, flush=True)
            os._exit(3)
        if method == "submit" and END == "asks":
            write({"event": "question", "question": "q1", "host": "hydra", "kind": "password", "prompts": []})
        elif method == "answer" or (method == "submit" and END != "never"):
            write({"event": "job", "job": summary({**specification, "id": "0" * 32}, "succeeded")})
            done = ending(specification)
            write({"event": "job", "job": away(done, "none") if far else done})
        if method == "cancel":
            write({"event": "job", "job": summary(specification, "cancelled")})


if __name__ == "__main__":
    main()
