"""A stand-in for the engine on the other end of the pipe: answers by a script, so that a test decides what happens.

``DEEPSOIL_FAKE`` is a JSON object: ``schema``, ``engine`` (for hello), ``results`` (method → result), ``die_on``
(method that kills it), ``silent`` (methods that are never answered), ``greeting`` (noise before the first line),
``files`` (method → file with ``{method: result}`` or ``{"error": …}``, read at every call),
``log`` (a file to which every request is appended), ``refuse`` (an error object with which submit is answered),
``errors`` (method → error object), ``hosts`` (documents of hosts that are there; ``set_host`` and ``remove_host``
change them), ``steps`` (what ``test_host`` finds, also told as events), ``install`` (list of [message, fraction] that
``install_host`` tells).
The method ``event`` sends its parameters as an event.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from deepsoil_plugin.contract import LOCAL, SCHEMA

TOKEN = "@deepsoil "
script = json.loads(os.environ.get("DEEPSOIL_FAKE", "{}"))


def write(document: dict) -> None:
    sys.stdout.write(TOKEN + json.dumps(document) + "\n")
    sys.stdout.flush()


def main() -> None:
    sys.stdout.write(script.get("greeting", ""))
    jobs: dict[str, dict] = {}
    held: dict[str, int] = {}
    hosts = {host["id"]: _connected(host) for host in script.get("hosts", [])}
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
        tell_of_hosts(method, params)
        if method in script.get("silent", []):
            held[method] = request["id"]
            continue
        if method == "cancel_install" and "install_host" in held:
            error = {"code": "install_cancelled", "message": "Cancelled.", "hint": "", "field": None}
            write({"id": held.pop("install_host"), "error": error})
        if method == "cancel_fetch_model" and "fetch_model" in held:
            error = {"code": "fetch_cancelled", "message": "Cancelled.", "hint": "", "field": None}
            write({"id": held.pop("fetch_model"), "error": error})
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
            result = {"engine": script.get("engine", "0.1.0"), "schema": script.get("schema", SCHEMA),
                      "machine": "here",
                      "home": os.environ.get("DEEPSOIL_HOME", ""), "methods": [], "variables": sorted(os.environ)}
        elif method == "echo":
            result = params
        elif method == "event":
            write(params)
        elif method == "hosts" and hosts:
            result = list(hosts.values())
        elif method == "set_host":
            result = hosts[params["host"]["id"]] = _connected(params["host"])
            write({"event": "host", "host": result})
        elif method == "remove_host":
            hosts.pop(params["host"], None)
        elif method == "test_host":
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


def tell_of_hosts(method: str, params: dict) -> None:
    """The events that come before the answer."""
    if method == "test_host":
        for step in script.get("steps", []):
            write({"event": "host_step", "host": params["host"]["id"], "step": {**step, "state": "running"}})
            write({"event": "host_step", "host": params["host"]["id"], "step": step})
    elif method == "install_host":
        for message, fraction in script.get("install", []):
            write({"event": "host_install", "host": params["host"], "message": message, "fraction": fraction})


def _connected(host: dict) -> dict:
    ready = {"state": "ready", "message": "", "hint": "", "code": None, "since": "2023-07-15T10:00:00Z",
             "next_try_s": None, "engine": "0.1.0"}
    return {"connection": ready, **host}


def _summary(specification: dict) -> dict:
    begun = "2023-07-15T10:00:00Z"
    return {"id": specification["id"], "kind": specification["kind"], "name": specification["name"],
            "state": "running", "reason": None, "message": "Working", "progress": 0.1, "seconds_left": 60,
            "created": begun, "started": begun, "ended": None, "host": LOCAL, "machine": "here",
            "specification": specification, "folder": "", "outputs": []}


if __name__ == "__main__":
    main()
