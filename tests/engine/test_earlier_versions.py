"""What the version before (schema 1) wrote is opened; what a later one wrote is refused with words.

``data/home_schema_1.json`` (path → text), ``data/store_schema_1.zip`` and ``data/model_contract.json`` were written by
that version itself.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from deepsoil import home as deepsoil_home
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.model import ModelContract
from deepsoil.contract.protocol import TOKEN
from deepsoil.contract.version import SCHEMA
from deepsoil.hosts.registry import Registry
from deepsoil.hosts.sync.job_cache import JobCache
from deepsoil.hosts.sync.journal import Journal
from deepsoil.io.process import this_machine
from deepsoil.jobs.folder import JobFolder
from deepsoil.networks.model_file import read_contract
from deepsoil.service.jobs import Jobs
from deepsoil.service.server import _refuse_all
from deepsoil.store.store import Store
from job_tools import Service, until

DATA = Path(__file__).parent / "data"
SHIPPED = Path(__file__).resolve().parents[2] / "resources" / "models"
FINISHED, RUNNING, WAITING, UNSENT, THERE = ("a" * 32, "b" * 32, "f" * 32, "c" * 32, "e" * 32)


@pytest.fixture
def old_home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    for name, text in json.loads((DATA / "home_schema_1.json").read_text(encoding="utf-8")).items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return home


def jobs_of(home: Path) -> Jobs:
    def no_context() -> Any:
        raise AssertionError("listing needs no context")

    return Jobs(home, no_context)


def test_the_jobs_are_listed_with_what_they_made(old_home: Path) -> None:
    listed = {job["id"]: job for job in jobs_of(old_home).everything()}
    assert {name: job["state"] for name, job in listed.items()} == {
        FINISHED: "succeeded", RUNNING: "running", WAITING: "queued"}
    done = listed[FINISHED]
    assert done["reason"] is None and done["specification"]["schema"] == SCHEMA and done["host"] == "local"
    assert [Path(output["path"]).read_bytes() for output in done["outputs"]] == [b"map"]
    assert JobFolder(old_home / "jobs" / FINISHED).specification().depths == [5]


def test_a_job_that_ran_is_judged_on_its_own_machine_only(old_home: Path) -> None:
    jobs_of(old_home).cancel(WAITING)
    with Service(old_home) as service:
        states = {job["id"]: (job["host"], job["state"]) for job in service.call("list")}
        assert states[RUNNING] == ("local", "running"), "it runs on another machine"
        assert states[UNSENT] == ("hydra", "queued") and states[THERE] == ("hydra", "succeeded")
    state = old_home / "jobs" / RUNNING / "state.json"
    state.write_text(state.read_text().replace('"lab7"', json.dumps(this_machine())))
    with Service(old_home) as service:
        def ends() -> dict[str, tuple[str, str | None]]:
            here = [job for job in service.call("list") if job["host"] == "local"]
            return {job["id"]: (job["state"], (job["reason"] or {}).get("code")) for job in here}

        until(lambda: ends() == {FINISHED: ("succeeded", None), RUNNING: ("failed", "worker_lost"),
                                 WAITING: ("cancelled", None)}, str(ends()))
        service.call("remove", id=FINISHED)
    written = json.loads(state.read_text())
    assert (written["schema"], written["machine"]) == (SCHEMA, this_machine()) and "host" not in written
    assert not (old_home / "jobs" / FINISHED).exists()


def test_the_hosts_are_taken_over_once(old_home: Path) -> None:
    hosts = Registry(old_home).list()
    assert [(host.id, host.title, host.address) for host in hosts] == [
        ("hydra", "Hydra", "hydra.example.org"), ("local-2", "Lab", "lab.example.org")]
    assert hosts[0].resources.partition == "gpu"
    assert json.loads((old_home / "hosts.json").read_text())["schema"] == SCHEMA
    assert not (old_home / "places.json").exists() and not list((old_home / "places").iterdir())
    (unsent,) = Journal(old_home / "hosts" / "hydra").records().values()
    assert unsent.id == UNSENT and unsent.pending
    assert unsent.specification is not None and unsent.specification["schema"] == SCHEMA
    assert list(Journal(old_home / "hosts" / "local-2").records()) == ["d" * 32]
    assert JobCache(old_home / "hosts" / "hydra").jobs()[THERE]["state"] == "succeeded"
    # A list that the old version writes later does not replace this one.
    (old_home / "places.json").write_text('{"schema": 1, "places": []}')
    assert [host.id for host in Registry(old_home).list()] == ["hydra", "local-2"]


def test_taking_over_goes_on_where_it_was_interrupted(old_home: Path) -> None:
    (old_home / "hosts").mkdir()
    (old_home / "places" / "hydra").rename(old_home / "hosts" / "hydra")
    assert [host.id for host in Registry(old_home).list()] == ["hydra", "local-2"]
    assert list(Journal(old_home / "hosts" / "hydra").records()) == [UNSENT]
    assert list(Journal(old_home / "hosts" / "local-2").records()) == ["d" * 32]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": 1, "places": [3]}', '{"schema": 1}'])
def test_a_damaged_list_of_places_is_refused_and_left_as_it_is(old_home: Path, text: str) -> None:
    (old_home / "places.json").write_text(text)
    with pytest.raises(DeepSoilError) as caught:
        Registry(old_home).list()
    assert caught.value.code == "hosts_damaged" and "places.json" in caught.value.message
    assert (old_home / "places.json").read_text() == text and (old_home / "places" / "hydra").is_dir()


def test_a_store_is_read(tmp_path: Path) -> None:
    shutil.unpack_archive(DATA / "store_schema_1.zip", tmp_path / "store")
    store = Store.open(tmp_path / "store")
    assert sorted(store.channels()) == ["ndvi", "precipitation", "sand"]
    values = store.read_static("sand", store.window)
    assert values.shape == (512, 512) and np.nanmin(values) == 20 and np.nanmax(values) == 55
    assert store.coarse("precipitation").values.shape == (10, 2, 2)
    assert np.allclose(store.stations().theta[0, 0], 0.25)
    assert store.dates_of("ndvi")[0] == np.datetime64(dt.date(2023, 7, 1))


def test_model_files_are_read() -> None:
    text = (DATA / "model_contract.json").read_text(encoding="utf-8")
    assert ModelContract.from_json(text, "old.onnx").name == "deepsoil-20cm"
    for path in SHIPPED.glob("*.onnx"):
        assert read_contract(path).name == path.stem
    with pytest.raises(DeepSoilError) as caught:
        ModelContract.from_json(json.dumps({**json.loads(text), "schema": 2}), "new.onnx")
    assert caught.value.code == "model_invalid" and "Update DeepSoil" in caught.value.hint


def test_a_request_of_an_earlier_version_is_refused_with_words(old_home: Path) -> None:
    document = json.loads((old_home / "jobs" / FINISHED / "job.json").read_text())
    with pytest.raises(DeepSoilError) as caught:
        jobs_of(old_home).submit(document)
    assert (caught.value.code, caught.value.field) == ("schema_older", "schema") and caught.value.hint


def test_what_a_later_version_wrote_is_refused_with_words(old_home: Path) -> None:
    newer = SCHEMA + 1
    for name in ("job.json", "state.json", "manifest.json"):
        path = old_home / "jobs" / FINISHED / name
        path.write_text(json.dumps({**json.loads(path.read_text()), "schema": newer}))
    listed = {job["id"]: job for job in jobs_of(old_home).everything()}
    assert listed[FINISHED]["reason"]["code"] == "schema_newer" and len(listed) == 3, "the others stay listed"
    for act in (jobs_of(old_home).remove, jobs_of(old_home).cancel, lambda job: jobs_of(old_home).retry(job, "d" * 32)):
        with pytest.raises(DeepSoilError) as caught:  # it may run
            act(FINISHED)
        assert caught.value.code == "schema_newer" and caught.value.hint
    assert (old_home / "jobs" / FINISHED / "outputs").is_dir()
    (old_home / "hosts.json").write_text(json.dumps({"schema": newer, "hosts": []}))
    with pytest.raises(DeepSoilError) as caught:
        Registry(old_home).list()
    assert "newer version" in caught.value.message


def test_a_home_of_a_later_version_is_refused_by_every_answer(tmp_path: Path) -> None:
    deepsoil_home.open_home(tmp_path)
    deepsoil_home.open_home(tmp_path)
    note = tmp_path / "version.json"
    assert json.loads(note.read_text())["schema"] == SCHEMA
    note.write_text(json.dumps({"schema": SCHEMA + 1, "engine": "9.0"}))
    with Service(tmp_path) as service:
        for method in ("hello", "list"):
            error = service.error(method)
            assert error["code"] == "home_newer" and "9.0" in error["message"] and error["hint"]
        assert service.process.stdin is not None
        service.process.stdin.close()
        assert service.process.wait(20) == 2
    assert not (tmp_path / "jobs").exists()


def test_noise_before_a_refusal_is_skipped() -> None:
    replies = io.BytesIO()
    lines = b"Welcome\n" + TOKEN + b"{\n" + TOKEN + b'{"id": 1, "method": "hello"}\n'
    _refuse_all(io.BytesIO(lines), replies, DeepSoilError("home_newer", "No.", "Update."))
    (line,) = replies.getvalue().splitlines()
    assert json.loads(line[len(TOKEN):])["id"] == 1
