"""What jobs of the engine need of QGIS's network settings: the proxy of every host that they will ask, with user and
password, and the secrets of accounts. Told to the engine, which keeps them in memory; never written or logged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import quote

from qgis.core import QgsNetworkAccessManager
from qgis.PyQt.QtCore import QObject, QUrl, pyqtSlot
from qgis.PyQt.QtGui import QGuiApplication
from qgis.PyQt.QtNetwork import QNetworkProxy, QNetworkProxyQuery

from .client import EngineClient

EVERY_OTHER = "*"
_ANY_HOST = "host.invalid"  # a name that nobody has and no exclusion names
_KINDS = {QNetworkProxy.ProxyType.HttpProxy: "http", QNetworkProxy.ProxyType.HttpCachingProxy: "http",
          QNetworkProxy.ProxyType.Socks5Proxy: "socks5"}

Proxies = dict[str, "str | None"]


def proxies_of(hosts: Iterable[str]) -> Proxies | None:
    """Host → address of its proxy, None for none, as QGIS would ask it; ``*`` stands for every other host.

    None: QGIS has no word on proxies at all; then those of the system are for the engine to find. An exclusion counts
    whether it names the host with https or http.
    """
    found: Proxies = {}
    said = False
    for host in (*sorted(set(hosts)), _ANY_HOST):
        answers = [_proxy_of(f"{scheme}://{host}/") for scheme in ("https", "http")]
        said = said or any(answer.type() != QNetworkProxy.ProxyType.DefaultProxy for answer in answers)
        addresses = [address_of(answer) for answer in answers]
        found[EVERY_OTHER if host == _ANY_HOST else host] = None if None in addresses else addresses[0]
    return found if said else None


def address_of(proxy: QNetworkProxy) -> str | None:
    """Its address with user, password and port; None where there is none. A kind that the engine does not know is
    told as well: it refuses it, and nothing goes past a proxy.
    """
    if proxy.type() == QNetworkProxy.ProxyType.DefaultProxy:
        proxy = QNetworkProxy.applicationProxy()
    if proxy.type() not in _KINDS or not proxy.hostName():
        return None
    login = ":".join(quote(word, safe="") for word in (proxy.user(), proxy.password()) if word)
    host = f"[{proxy.hostName()}]" if ":" in proxy.hostName() else proxy.hostName()
    port = f":{proxy.port()}" if proxy.port() else ""
    return f"{_KINDS[proxy.type()]}://{login}{'@' if login else ''}{host}{port}"


def _proxy_of(address: str) -> QNetworkProxy:
    factory = QgsNetworkAccessManager.instance().proxyFactory()
    if factory is None:
        return QgsNetworkAccessManager.instance().fallbackProxy()
    answers = factory.queryProxy(QNetworkProxyQuery(QUrl(address)))
    return answers[0] if answers else QNetworkProxy(QNetworkProxy.ProxyType.NoProxy)


class NetworkSettings(QObject):
    """Tells the engine of this computer: when it starts, when more hosts are to be asked, and when the settings may
    have changed, which QGIS does not say: whenever another window comes to the front, as when its options close.
    """

    def __init__(self, client: EngineClient, accounts: Callable[[], Mapping[str, str]],
                 parent: QObject | None = None) -> None:
        """``accounts``: kind of account → secret, as far as they may be known without asking the user."""
        super().__init__(parent)
        self._client, self._accounts = client, accounts
        self._hosts: set[str] = set()
        self._told: dict[str, Any] | None = None
        client.ready.connect(self._anew)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.focusWindowChanged.connect(self._look_again)

    def need(self, hosts: Iterable[str]) -> None:
        """Hosts that jobs will ask. Call it before a job is sent: the engine hears it first."""
        self._hosts.update(hosts)
        self.tell()

    def tell(self) -> None:
        """Tell the engine what it does not know yet."""
        settings: dict[str, Any] = {}
        if (proxies := proxies_of(self._hosts)) is not None:
            settings["proxies"] = proxies
        if accounts := dict(self._accounts()):
            settings["accounts"] = accounts
        if settings != (self._told or {}) and self._client.is_ready:
            self._told = settings
            self._client.call("network_settings", settings, None, self._not_told, owner=self)

    def _anew(self, *_: Any) -> None:
        self._told = None
        self.tell()

    @pyqtSlot()
    def _look_again(self, *_: Any) -> None:
        if self._client.is_ready:
            self.tell()

    def _not_told(self, _error: dict[str, Any]) -> None:
        self._told = None  # an engine that is lost is told again when it is back
