"""The main job on a cluster, as a user does it: a host is added in QGIS's options, a field is mapped there.

The desktop, sshd and Slurm are real; only the installation is left out: the engine there is this environment.
"""

from __future__ import annotations

import getpass
import json
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.system.conftest import ROOT, SHOTS, Start
from tests.system.test_main_job import DAY, check_product, held_in_words
from tools import sample_region
from tools.desktop.driver import Desktop

sys.path.insert(0, str(ROOT / "tests" / "cluster"))

import sshd as ssh_server
from slurm_cluster import SlurmCluster
from slurm_fixtures import running


@pytest.fixture
def cluster() -> Iterator[SlurmCluster]:
    if reason := ssh_server.missing():
        pytest.skip(reason)
    with running(2) as slurm:
        yield slurm


@pytest.fixture
def login_node(cluster: SlurmCluster, tmp_path: Path, variables: dict[str, str], sample: Path
               ) -> Iterator[ssh_server.Sshd]:
    """The cluster's login node with an engine and the sample region; ``hydra`` in the user's SSH configuration."""
    person = tmp_path / "person"
    (person / ".ssh").mkdir(parents=True)
    variables["HOME"] = str(person)
    variables.pop("SSH_AUTH_SOCK", None)
    server = ssh_server.Sshd(tmp_path / "sshd", variables={"SLURM_CONF": cluster.env["SLURM_CONF"]})
    key = ssh_server.make_key(person / ".ssh" / "id_ed25519")
    server.allow(key)
    (person / ".ssh" / "config").write_text(
        f"Host hydra\n  HostName 127.0.0.1\n  Port {server.port}\n  User {getpass.getuser()}\n  IdentityFile {key}\n")
    home = server.home / "deepsoil"
    program = home / "engine" / "current" / "bin" / "python"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\nexec {shlex.quote(sys.executable)} \"$@\"\n")
    program.chmod(0o755)
    subprocess.run([sys.executable, "-m", "deepsoil", "regions", "--add", sample / "region"], check=True,
                   env={**variables, "DEEPSOIL_HOME": str(home)}, capture_output=True)
    try:
        yield server.start()
    finally:
        server.stop()


def test_a_field_is_mapped_on_a_cluster(login_node: ssh_server.Sshd, start: Start, home: Path) -> None:
    job = start()
    desktop = job.desktop
    add_the_host(desktop)
    choose_the_host(desktop)

    field = sample_region.field("North quarter")
    job.draw_polygon(field["coordinates"][0][:-1])
    job.name_field("On the cluster")
    job.choose_date(DAY)
    desktop.ask("held", reset=True)
    job.map_it()
    desktop.wait(lambda: "Hydra" in job.words_of("On the cluster"), "the job in the list, with its host")
    layers = job.wait_for_layers("On the cluster", 2, 300)
    desktop.drawn()
    print(f"\n{held_in_words(desktop)}")
    desktop.screenshot(SHOTS / "cluster_job.png")
    for layer in layers:
        check_product(Path(layer["source"]), drawn=field)
        assert (home / "hosts" / "hydra") in Path(layer["source"]).parents, "the maps must have come to this computer"
    folders = list((login_node.home / "deepsoil" / "jobs").glob("*/job.json"))
    assert len(folders) == 1, "one request is one job there"
    assert state(folders[0].parent)["state"] == "succeeded"
    assert json.loads((folders[0].parent / "attempt-1" / "submitted.json").read_text())["array"], "Slurm ran it"
    assert not list((home / "jobs").glob("*/job.json")), "nothing ran on this computer"


def state(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "state.json").read_text(encoding="utf-8")))


def add_the_host(desktop: Desktop) -> None:
    """By way of the dock's list of hosts: add, test, accept the host key, save."""
    desktop.click("deepsoilHost")
    desktop.screenshot(SHOTS / "cluster_where.png")
    desktop.key("End", "Return")
    desktop.widget("deepsoilHostAdd", timeout_s=90)  # QGIS makes all pages of its options first
    desktop.click("deepsoilHostAdd")
    desktop.widget("deepsoilHostDialog")
    desktop.click("deepsoilHostHost")
    desktop.type("hydra")
    desktop.replace_text("deepsoilHostTitle", "Hydra")
    desktop.replace_text("deepsoilHostCpus", "1")
    desktop.replace_text("deepsoilHostMemory", "0")  # as the partition gives
    desktop.replace_text("deepsoilHostTime", "1")
    desktop.click("deepsoilHostTest")
    desktop.widget("deepsoilQuestionFingerprint")
    desktop.screenshot(SHOTS / "cluster_host_key.png")
    desktop.click("deepsoilQuestionYes")
    desktop.wait(lambda: (desktop.ask("widget", name="deepsoilStep_engine") or {"text": ""})["text"],
                 "the last step of the test")
    desktop.screenshot(SHOTS / "cluster_test.png")
    desktop.click("deepsoilTestClose")
    desktop.click("deepsoilHostSave")
    desktop.wait(lambda: desktop.ask("row", view="deepsoilHosts", text="Hydra"), "the host in the list")
    desktop.screenshot(SHOTS / "cluster_options.png")
    if button := desktop.ask("button", text="OK"):
        desktop.click_on(button)


def choose_the_host(desktop: Desktop) -> None:
    desktop.click("deepsoilHost")
    desktop.key("Home", "Down", "Return")
    desktop.wait(lambda: desktop.widget("deepsoilHost")["text"] == "Hydra", "the chosen host, connected")
