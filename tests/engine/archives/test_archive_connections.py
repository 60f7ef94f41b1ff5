"""What stands between: proxies, certificates, accounts, logins, the offline switch; no password comes out anywhere."""

from __future__ import annotations

import gzip
import json
import logging
import socket
import traceback
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from deepsoil import __version__
from deepsoil.archives.session import open_network
from deepsoil.contract.errors import DeepSoilError
from network_tools import HURRY, TITLE, left_in, network, raised
from servers.certificates import authority
from servers.proxy import Proxy, proxy_to
from servers.ranges import Fault, RangeServer, busy, page, range_server

NAME = "/data/soil.json"
CONTENT = json.dumps({"sand": list(range(5000))}).encode()
PASSWORD = "secret-of-ann"


@pytest.fixture
def server() -> Iterator[RangeServer]:
    with range_server() as server:
        server.serve(NAME, CONTENT)
        yield server


@pytest.fixture
def proxy(server: RangeServer) -> Iterator[Proxy]:
    with proxy_to({"archive.test": ("127.0.0.1", server.port)}, password=PASSWORD) as proxy:
        yield proxy


def test_every_request_names_deepsoil_and_its_version(server: RangeServer) -> None:
    with network() as net:
        assert net.answer(TITLE, server.address + NAME, params={"station": "2093:TX:SCAN", "days": "1,2"}) == CONTENT
        net.answer(TITLE, server.address + NAME, body={"query": "SELECT 1"})
    first, second = server.asked
    assert first.headers["User-Agent"].startswith(f"DeepSoil/{__version__} ")
    assert first.query == "station=2093:TX:SCAN&days=1,2"
    assert second.method == "POST" and second.headers["Content-Type"] == "application/json"


def test_a_packed_answer_is_unpacked_and_an_endless_one_is_not_kept(server: RangeServer) -> None:
    server.fail(NAME, Fault(status=200, headers={"Content-Encoding": "gzip"}, body=gzip.compress(CONTENT)))
    with network() as net:
        assert net.answer(TITLE, server.address + NAME) == CONTENT
        raised("archive_failed", lambda: net.answer(TITLE, server.address + NAME, most_bytes=1000))


def test_a_login_page_with_200_is_one_clear_error(server: RangeServer) -> None:
    server.fail(NAME, page(), page())
    with network() as net:
        assert "web page" in str(raised("archive_failed", lambda: net.answer(TITLE, server.address + NAME)))
        assert net.answer(TITLE, server.address + NAME, pages=True) == page().body


def test_a_proxy_with_a_password_carries_everything(server: RangeServer, proxy: Proxy, tmp_path: Path,
                                                   monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEEPSOIL_PROXIES", json.dumps({"archive.test": f"http://ann:{PASSWORD}@{proxy.place}"}))
    with open_network(limits=HURRY) as net:
        assert net.answer(TITLE, "http://archive.test" + NAME) == CONTENT
        net.download(TITLE, "http://archive.test" + NAME, tmp_path / "soil.json")
    assert len(proxy.asked) == len(server.asked) == 2 and proxy.refused == 0
    assert all("Proxy-Authorization" not in one.headers for one in server.asked)


@pytest.mark.parametrize("password", ["p@ss:w/ö%rd", "пароль"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_password_may_have_any_letters(server: RangeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                         scheme: str, password: str) -> None:
    if scheme == "https":
        trusted, wrap = authority(tmp_path, "archive.test")
        server.wrap(wrap)
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    with proxy_to({"archive.test": ("127.0.0.1", server.port)}, user="ann", password=password) as proxy:
        with network(proxies={"*": f"http://ann:{quote(password, safe='')}@{proxy.place}"}) as net:
            assert net.answer(TITLE, f"{scheme}://archive.test{NAME}") == CONTENT
        assert proxy.refused == 0


def test_a_host_that_is_excluded_is_asked_directly(server: RangeServer, proxy: Proxy) -> None:
    with network(proxies={"*": f"http://ann:{PASSWORD}@{proxy.place}", "127.0.0.1": None}) as net:
        assert net.answer(TITLE, server.address + NAME) == CONTENT
    assert proxy.asked == []


def test_no_proxy_of_the_environment_is_used_where_they_are_given(server: RangeServer, proxy: Proxy,
                                                                 monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://ann:{PASSWORD}@{proxy.place}")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.setenv("DEEPSOIL_PROXIES", '{"*": null}')
    with open_network(limits=HURRY) as net:
        net.answer(TITLE, server.address + NAME)
    assert proxy.asked == []
    monkeypatch.delenv("DEEPSOIL_PROXIES")
    with open_network(limits=HURRY) as net:
        net.answer(TITLE, "http://archive.test" + NAME)
    assert len(proxy.asked) == 1


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_refused_password_is_told_and_never_shown(proxy: Proxy, scheme: str,
                                                    capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with network(proxies={"*": f"http://ann:wrong-{PASSWORD}@{proxy.place}"}) as net:
        for action in (lambda: net.answer(TITLE, f"{scheme}://archive.test{NAME}"),
                       lambda: net.window(TITLE, f"{scheme}://archive.test/a.tif", (0, 0, 1, 1), tmp_path / "a.tif")):
            error = raised("archive_account", action)
            assert "proxy" in error.message and "407" in error.message
            _require_no(PASSWORD, error, capfd)
    assert proxy.refused == 2  # not repeated: an account may be locked by that


def test_a_proxy_that_is_not_there_is_told_without_its_password(capfd: pytest.CaptureFixture[str]) -> None:
    with network(proxies={"*": f"http://ann:{PASSWORD}@127.0.0.1:{_free_port()}"}) as net:
        error = raised("archive_failed", lambda: net.answer(TITLE, "http://archive.test/x"))
    assert "proxy" in error.message
    _require_no(PASSWORD, error, capfd)


@pytest.mark.parametrize("text", ["{", "[]", '{"*": 3}', f'{{"*": "ann:{PASSWORD}@proxy"}}', '{"*": "http://a:b@:x"}',
                                  f'{{"*": "socks5://ann:{PASSWORD}@proxy:1080"}}'])
def test_a_table_of_proxies_with_an_error_is_refused_without_its_content(text: str, monkeypatch: pytest.MonkeyPatch,
                                                                        capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("DEEPSOIL_PROXIES", text)
    with pytest.raises(DeepSoilError) as caught:
        open_network()
    assert caught.value.code == "archive_proxies_invalid"
    _require_no(PASSWORD, caught.value, capfd)


def test_a_certificate_of_an_intercepting_proxy_must_be_trusted_by_the_system(
        server: RangeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trusted, wrap = authority(tmp_path, "archive.test")
    server.wrap(wrap)
    with proxy_to({"archive.test": ("127.0.0.1", server.port)}) as proxy:
        table = {"*": f"http://ann:{PASSWORD}@{proxy.place}"}
        with network(proxies=table) as net:
            error = raised("archive_failed", lambda: net.answer(TITLE, "https://archive.test" + NAME))
        assert "certificate" in error.message and "administrator" in error.hint and len(proxy.asked) == 1
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))  # what the system trusts, on Linux
        with network(proxies=table) as net:
            assert net.answer(TITLE, "https://archive.test" + NAME) == CONTENT


@pytest.mark.parametrize("begins", [-20, 20], ids=["expired", "not yet valid"])
def test_a_certificate_of_another_time_tells_of_the_clock(begins: int, server: RangeServer, tmp_path: Path,
                                                          monkeypatch: pytest.MonkeyPatch) -> None:
    trusted, wrap = authority(tmp_path, "archive.test", begins=begins)
    server.wrap(wrap)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    with proxy_to({"archive.test": ("127.0.0.1", server.port)}) as proxy, \
            network(proxies={"*": f"http://ann:{PASSWORD}@{proxy.place}"}) as net:
        error = raised("archive_failed", lambda: net.answer(TITLE, "https://archive.test" + NAME))
    assert "not valid at the time of this computer" in error.message and "date and time" in error.hint


def test_an_expired_token_is_asked_for_anew_once(server: RangeServer, tmp_path: Path,
                                                 capfd: pytest.CaptureFixture[str]) -> None:
    server.token = "second-token"
    tokens = iter(["first-token", "second-token", "third-token"])
    with network() as net:
        got = net.download(TITLE, server.address + NAME, tmp_path / "soil.json", secret=lambda: {"token": next(tokens)})
        assert "token" not in got.address
        error = raised("archive_account", lambda: net.answer(TITLE, server.address + NAME,
                                                             secret={"token": "old-token"}))
    _require_no("old-token", error, capfd)


def test_no_log_shows_what_is_secret(server: RangeServer, proxy: Proxy, caplog: pytest.LogCaptureFixture) -> None:
    server.token = "token-of-ann"
    with caplog.at_level(logging.DEBUG), network(proxies={"*": f"http://ann:{PASSWORD}@{proxy.place}"}) as net:
        server.fail(NAME, busy(), Fault(cut=10))
        net.answer(TITLE, "http://archive.test" + NAME, secret={"token": "token-of-ann"})
    assert server.asked and PASSWORD not in caplog.text and "token-of-ann" not in caplog.text


def test_where_a_server_sends_on_the_new_address_is_told_without_its_key(server: RangeServer, tmp_path: Path) -> None:
    server.fail("/go", Fault(status=302, headers={"Location": NAME + "?signature=key-of-today"}))
    with network() as net:
        got = net.download(TITLE, server.address + "/go", tmp_path / "soil.json")
    assert got.address == server.address + NAME


def test_sent_on_each_host_is_asked_through_its_own_proxy(server: RangeServer, proxy: Proxy) -> None:
    table = {"*": f"http://ann:{PASSWORD}@{proxy.place}", "127.0.0.1": None}
    server.fail("/out", Fault(status=302, headers={"Location": "http://archive.test" + NAME}))
    server.fail("/in", Fault(status=307, headers={"Location": server.address + NAME}))
    own = {"Authorization": "Bearer key-of-ann", "X-Other": "yes"}
    with network(proxies=table) as net:
        assert net.answer(TITLE, server.address + "/out", headers=own) == CONTENT  # only the proxy knows archive.test
        assert proxy.asked == [f"GET http://archive.test{NAME}"]
        assert net.answer(TITLE, "http://archive.test/in", headers=own, body={"query": 1}) == CONTENT
    assert len(proxy.asked) == 2 and proxy.refused == 0
    last = server.asked[-1]
    assert last.method == "POST" and last.headers["X-Other"] == "yes"
    assert all("Proxy-Authorization" not in one.headers for one in server.asked)
    assert ["Authorization" in one.headers for one in server.asked] == [True, False, True, False]


def test_servers_that_send_on_without_end_are_given_up(server: RangeServer) -> None:
    server.fail("/go", *[Fault(status=302, headers={"Location": "/go"})] * 30)
    with network() as net:
        assert "without end" in str(raised("archive_failed", lambda: net.answer(TITLE, server.address + "/go")))


def test_offline_nothing_is_asked(server: RangeServer, tmp_path: Path) -> None:
    with network(offline=True) as net:
        for action in (lambda: net.answer(TITLE, server.address + NAME),
                       lambda: net.download(TITLE, server.address + NAME, tmp_path / "soil.json"),
                       lambda: net.window(TITLE, server.address + "/a.tif", (0, 0, 1, 1), tmp_path / "a.tif")):
            raised("archive_offline", action)
    assert server.asked == [] and left_in(tmp_path) == []


def test_an_unknown_name_may_mean_that_there_is_no_network() -> None:
    with network() as net:
        raised("archive_offline", lambda: net.answer(TITLE, "http://nowhere.invalid/x"))


def test_a_server_that_is_down_is_told(server: RangeServer) -> None:
    with network() as net:
        raised("archive_failed", lambda: net.answer(TITLE, f"http://127.0.0.1:{_free_port()}/x"))
        server.fail(NAME, *[busy(status=503, text="Egress is over the account limit.")] * 4)
        assert "Egress is over" in str(raised("archive_failed", lambda: net.answer(TITLE, server.address + NAME)))


def _require_no(secret: str, error: DeepSoilError, capfd: pytest.CaptureFixture[str]) -> None:
    told = "".join(traceback.format_exception(error)) + str(error) + json.dumps(error.to_dict(), default=str)
    output = capfd.readouterr()
    assert secret not in told + output.out + output.err


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
