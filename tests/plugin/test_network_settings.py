"""The engine is told QGIS's proxies, host by host, with exclusions and credentials; and nobody else is."""

from __future__ import annotations

import json

import pytest
from qgis.core import QgsNetworkAccessManager
from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtNetwork import QNetworkProxy

from deepsoil_plugin.engine.network import NetworkSettings, proxies_of
from deepsoil_plugin.hosts.archive_accounts import ArchiveAccounts

SECRET = "p@ss word"


@pytest.fixture
def proxies(qgis_app):
    """Sets QGIS's proxy as its options do; afterwards there is none."""
    manager = QgsNetworkAccessManager.instance()
    before = manager.fallbackProxy(), manager.excludeList(), manager.noProxyList()

    def use(proxy, excluded=(), without=()):
        manager.setFallbackProxyAndExcludes(proxy, list(excluded), list(without))

    yield use
    manager.setFallbackProxyAndExcludes(*before)


def office():
    return QNetworkProxy(QNetworkProxy.ProxyType.HttpProxy, "proxy.office", 3128, "us:er", SECRET)


def asked(path):
    lines = path.read_text().splitlines() if path.exists() else []
    return [line["params"] for line in map(json.loads, lines) if line["method"] == "network_settings"]


def test_each_host_has_the_proxy_that_qgis_would_use(proxies):
    assert proxies_of(["a.example"]) is None, "QGIS says nothing, so the system's are for the engine to find"
    proxies(office(), excluded=["https://a.example"], without=["http://b.example"])
    found = proxies_of(["a.example", "b.example", "c.example"])
    address = found["c.example"]
    assert found == {"a.example": None, "b.example": None, "c.example": address, "*": address}
    read = QUrl(address)
    assert (read.userName(), read.password(), read.host(), read.port()) == ("us:er", SECRET, "proxy.office", 3128)


def test_a_kind_that_the_engine_does_not_know_is_told_and_not_left_out(proxies):
    proxies(QNetworkProxy(QNetworkProxy.ProxyType.Socks5Proxy, "socks.office", 1080))
    assert proxies_of([])["*"] == "socks5://socks.office:1080", "left out, the request would go past the proxy"


def test_the_engine_hears_it_at_its_start_after_a_change_and_after_a_restart(proxies, fake_engine, qtbot, tmp_path):
    log = tmp_path / "log"
    client = fake_engine(log=str(log))
    settings = NetworkSettings(client, dict)
    client.start()
    qtbot.waitUntil(lambda: client.is_ready, timeout=20_000)
    settings.need(["a.example"])
    assert asked(log) == [], "there is nothing to tell"
    proxies(office())
    settings._look_again()
    qtbot.waitUntil(lambda: len(asked(log)) == 1, timeout=10_000)
    settings._look_again()
    settings.need(["a.example"])
    proxies(QNetworkProxy(QNetworkProxy.ProxyType.NoProxy))
    settings._look_again()
    qtbot.waitUntil(lambda: len(asked(log)) == 2, timeout=10_000)
    assert set(asked(log)[0]["proxies"]) == {"a.example", "*"}
    assert asked(log)[1] == {"proxies": {"a.example": None, "*": None}}
    client.restart()
    qtbot.waitUntil(lambda: len(asked(log)) == 3, timeout=20_000)
    assert asked(log)[2] == asked(log)[1]
    proxies(office())
    settings._look_again()
    qtbot.waitUntil(lambda: len(asked(log)) == 4, timeout=10_000)
    assert SECRET not in client.diagnostics()
    settings.deleteLater()


def test_the_secret_of_an_account_lies_in_the_auth_manager_alone(master, fake_engine, qtbot, tmp_path, own_home):
    log = tmp_path / "log"
    accounts = ArchiveAccounts()
    assert not accounts.has("earthdata")
    accounts.unlock()
    assert master.asked == 0, "nobody is asked for a password where there is nothing to unlock"
    assert accounts.keep("earthdata", "token-of-mine")
    again = ArchiveAccounts()
    assert again.has("earthdata") and again.known() == {}
    again.unlock()
    assert again.known() == {"earthdata": "token-of-mine"}
    client = fake_engine(log=str(log))
    settings = NetworkSettings(client, again.known)
    client.start()
    qtbot.waitUntil(lambda: len(asked(log)) == 1, timeout=20_000)
    assert asked(log)[0]["accounts"] == {"earthdata": "token-of-mine"}
    assert not any(b"token-of-mine" in file.read_bytes() for file in own_home.rglob("*") if file.is_file())
    again.forget("earthdata")
    settings.tell()
    qtbot.waitUntil(lambda: len(asked(log)) == 2, timeout=10_000)
    assert asked(log)[1] == {}
    settings.deleteLater()
