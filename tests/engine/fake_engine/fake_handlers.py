"""An ingestion that does as the name of its recipe says; one output is finished before anything goes wrong."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.options import IngestOptions
from deepsoil.contract.specification import Specification
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.kind import Context, Kind


class FakeIngest(Kind):
    name = "ingest"
    title = "Ingestion"
    options = IngestOptions

    def run(self, specification: Specification, folder: JobFolder, context: Context) -> None:
        run(specification, folder, context)


def run(specification: Specification, folder: JobFolder, context: Context) -> None:
    print("a library greets on stdout", flush=True)
    os.write(1, b"@deepsoil {\"event\": \"forged\"}\n")
    folder.log("begun")
    write(folder, "first.txt", "first")
    folder.progress(1, 10, "One of ten")
    recipe = Path(specification.options_as(IngestOptions).recipe).name
    if recipe == "wait":
        wait(folder)
        folder.stop_if_cancelled()
        folder.progress(10, 10, "Ten of ten")
        write(folder, "second.txt", "second")
    elif recipe == "complain":
        wait(folder)
        raise DeepSoilError("store_corrupt", "A library's own view of being stopped.", "Panic.")
    elif recipe == "deaf":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        while True:
            time.sleep(0.05)
    elif recipe == "busy":
        while True:  # never looks whether it was cancelled, but hears SIGTERM
            time.sleep(0.05)
    elif recipe == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    elif recipe == "bug":
        raise ZeroDivisionError("a bug")
    elif recipe == "told":
        raise DeepSoilError("no_weather", "No weather.", "Take another day.", "dates")
    elif recipe == "record":
        with Path(context.home / "order.txt").open("a") as file:
            file.write(f"begin {specification.name}\n")
            file.flush()
            time.sleep(0.15)
            file.write(f"end {specification.name}\n")
    elif recipe == "large":
        draft = folder.temporary("large map.bin")
        with draft.open("wb") as file:
            for number in range(64):
                file.write(bytes([number]) * (1 << 20))
        folder.add_output(draft, "map")
    elif recipe == "fill":
        with folder.temporary("large.bin").open("wb") as file:
            while True:
                file.write(b"x" * 65_536)


def write(folder: JobFolder, name: str, text: str) -> None:
    draft = folder.temporary(name)
    draft.write_text(text, encoding="utf-8")
    folder.add_output(draft, "other")


def wait(folder: JobFolder) -> None:
    """Until the test puts a file ``go`` beside the job."""
    while not folder.cancelled() and not (folder.path.parents[1] / "go").exists():
        time.sleep(0.02)
