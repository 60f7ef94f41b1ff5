"""A stand-in for the engine on the other end of the pipe: answers by a script, so that a test decides what happens.

``DEEPSOIL_FAKE`` is a JSON object: ``schema``, ``engine`` (for hello), ``results`` (method → result), ``die_on``
(method that kills it), ``silent`` (methods that are never answered), ``greeting`` (noise before the first line),
``files`` (method → file with ``{method: result}`` or ``{"error": …}``, read at every call),
``log`` (a file to which every request is appended), ``refuse`` (an error object with which submit is answered),
``errors`` (method → error object), ``places`` (documents of places that are there; ``set_place`` and ``remove_place``
change them), ``steps`` (what ``test_place`` finds, also told as events), ``install`` (list of [message, fraction] that
``install_place`` tells).
The method ``event`` sends its parameters as an event.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

TOKEN = "@deepsoil "
script = json.loads(os.environ.get("DEEPSOIL_FAKE", "{}"))


def write(document: dict) -> None:
    sys.stdout.write(TOKEN + json.dumps(document) + "\n")
    sys.stdout.flush()


def main() -> None:
    sys.stdout.write(script.get("greeting", ""))
    jobs: dict[str, dict] = {}
    held: dict[str, int] = {}
    places = {place["id"]: _connected(place) for place in script.get("places", [])}
    for line in sys.stdin:
        if not line.startswith(TOKEN):
            continue
        request = json.loads(line[len(TOKEN):])
        method, params = request["method"], request["params"]
        if path := script.get("log"):
            with Path(path).open("a", encoding="utf-8") as log:
                log.write(json.dumps(request) + "\n")
        if method == script.get("die_on"):
            print("Traceback: the fake engine died", file=sys.stderr, flush=True)
            os._exit(3)
        tell_of_places(method, params)
        if method in script.get("silent", []):
            held[method] = request["id"]
            continue
        if method == "cancel_install" and "install_place" in held:
            error = {"code": "install_cancelled", "message": "Cancelled.", "hint": "", "field": None}
            write({"id": held.pop("install_place"), "error": error})
        if method in script.get("errors", {}):
            write({"id": request["id"], "error": script["errors"][method]})
            continue
        result = script.get("results", {}).get(method, {})
        if path := script.get("files", {}).get(method):
            answer = json.loads(Path(path).read_text(encoding="utf-8"))
            if "error" in answer:
                write({"id": request["id"], "error": answer["error"]})
                continue
            result = answer[method]
        if method == "hello":
            result = {"engine": script.get("engine", "0.1.0"), "schema": script.get("schema", 1), "place": "here",
                      "home": os.environ.get("DEEPSOIL_HOME", ""), "methods": [], "variables": sorted(os.environ)}
        elif method == "echo":
            result = params
        elif method == "event":
            write(params)
        elif method == "places" and places:
            result = list(places.values())
        elif method == "set_place":
            result = places[params["place"]["id"]] = _connected(params["place"])
            write({"event": "place", "place": result})
        elif method == "remove_place":
            places.pop(params["place"], None)
        elif method == "test_place":
            result = script.get("steps", [])
        elif method == "list" and jobs:
            result = list(jobs.values())
        elif method == "submit" and "refuse" in script:
            write({"id": request["id"], "error": script["refuse"]})
            continue
        elif method == "submit":
            result = _summary(params["specification"])
            jobs[result["id"]] = result
            write({"event": "job", "job": result})
        elif method == "fail":
            write({"id": request["id"], "error": {"code": "x", "message": "No.", "hint": "Do.", "field": None}})
            continue
        write({"id": request["id"], "result": result})


def tell_of_places(method: str, params: dict) -> None:
    """The events that come before the answer."""
    if method == "test_place":
        for step in script.get("steps", []):
            write({"event": "place_step", "place": params["place"]["id"], "step": {**step, "state": "running"}})
            write({"event": "place_step", "place": params["place"]["id"], "step": step})
    elif method == "install_place":
        for message, fraction in script.get("install", []):
            write({"event": "place_install", "place": params["place"], "message": message, "fraction": fraction})


def _connected(place: dict) -> dict:
    ready = {"state": "ready", "message": "", "hint": "", "code": None, "since": "2023-07-15T10:00:00Z",
             "next_try_s": None, "engine": "0.1.0"}
    return {"connection": ready, **place}


def _summary(specification: dict) -> dict:
    begun = "2023-07-15T10:00:00Z"
    return {"id": specification["id"], "kind": specification["kind"], "name": specification["name"],
            "state": "running", "reason": None, "message": "Working", "progress": 0.1, "seconds_left": 60,
            "created": begun, "started": begun, "ended": None, "place": "here", "specification": specification,
            "folder": "", "outputs": []}


if __name__ == "__main__":
    main()
