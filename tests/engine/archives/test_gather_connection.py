"""A connection that is lost in the middle ends a gathering: what maps can do without is not left out because of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from deepsoil.archives import registry
from deepsoil.archives.transport import Limits
from deepsoil.cli import main
from deepsoil.kinds import gather_planning
from gather_tools import field_file, made_server
from made_archives import TODAY, install
from servers.proxy import proxy_to
from servers.ranges import Fault, RangeServer

PASSWORD = "open-sesame-4711"  # of a made proxy


@pytest.fixture
def server() -> Iterator[RangeServer]:
    with made_server() as server:
        yield server


@pytest.fixture
def gather(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], int]]:
    """Gather the field without making the store; the server's address may be another each time."""
    before, needs = dict(registry.ARCHIVES), dict(registry.NEEDS)
    install(registry.ARCHIVES, registry.NEEDS)
    monkeypatch.setattr(gather_planning, "today", lambda: TODAY)
    monkeypatch.setattr(Limits.__init__, "__defaults__", (5.0, 10.0, 2, 0.01, 0.02))
    monkeypatch.setenv("DEEPSOIL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DEEPSOIL_PROXIES", "{}")
    monkeypatch.setenv("DEEPSOIL_ARCHIVES", str(tmp_path / "archives.json"))

    def run(address: str) -> int:
        (tmp_path / "archives.json").write_text(json.dumps({"made": address}))
        return main(["gather", str(field_file(tmp_path)), str(tmp_path / "out"), "--no-ingest"])

    yield run
    for known, old in ((registry.ARCHIVES, before), (registry.NEEDS, needs)):
        known.clear()
        known.update(old)  # type: ignore[arg-type]


def served(tmp_path: Path) -> dict[str, list[str]]:
    served: dict[str, list[str]] = json.loads((tmp_path / "out" / "gathered.json").read_text())["served"]
    return served


def test_without_any_name_server_the_rest_is_not_left_out(server: RangeServer, gather: Callable[[str], int],
                                                          tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All but the leaves have come when the names of servers are no longer known, as after a computer has woken up."""
    server.fail("/leaves/2023-06-01.tif", *[Fault(status=404)] * 10)
    assert gather(server.address) == 0 and "ndvi" not in served(tmp_path)
    server.heal("/leaves/2023-06-01.tif")
    capsys.readouterr()
    assert gather("http://archives.invalid") == 2
    said = capsys.readouterr().err
    assert "The made leaves cannot be reached" in said and "Check the connection to the internet" in said
    before = len(server.asked)
    assert gather(server.address) == 0 and served(tmp_path)["ndvi"] == ["leaves"]
    assert {one.path.split("/")[1] for one in server.asked[before:]} == {"leaves"}, "the rest had come"


def test_one_name_that_is_not_known_is_the_matter_of_that_archive(server: RangeServer, gather: Callable[[str], int],
                                                                  tmp_path: Path,
                                                                  monkeypatch: pytest.MonkeyPatch) -> None:
    leaves = registry.ARCHIVES["leaves"]
    fetch = leaves.fetch
    monkeypatch.setattr(leaves, "fetch", lambda piece, network, folder: network.answer(
        leaves.title, "http://gone.invalid/x") and fetch(piece, network, folder))
    assert gather(server.address) == 0 and "ndvi" not in served(tmp_path) and "soil" in served(tmp_path)


def test_a_proxy_that_refuses_the_password_ends_it(server: RangeServer, gather: Callable[[str], int], tmp_path: Path,
                                                   monkeypatch: pytest.MonkeyPatch,
                                                   capsys: pytest.CaptureFixture[str]) -> None:
    """All but the leaves have come when the password expires: it is one error, and it is not asked for again."""
    server.fail("/leaves/2023-06-01.tif", *[Fault(status=404)] * 10)
    assert gather(server.address) == 0
    with proxy_to({"127.0.0.1": ("127.0.0.1", server.port)}, "ann", PASSWORD) as between:
        monkeypatch.setenv("DEEPSOIL_PROXIES", json.dumps({"*": f"http://ann:expired-{PASSWORD}@{between.place}"}))
        capsys.readouterr()
        assert gather(server.address) == 2
    said = capsys.readouterr().err
    assert "refuses its user or password (407)" in said and "QGIS's options" in said and PASSWORD not in said
