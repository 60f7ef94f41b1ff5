"""What the options say of public archives: what is kept, whether anything is fetched, accounts, archives to leave out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QFormLayout,
    QGroupBox,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QWidget,
)

from .. import preferences
from ..hosts.archive_accounts import EARTHDATA
from ..text.formatting import plain_error, size_text
from ..text.plain import tip_text
from ..text.translate import engine_text, tr
from ..widgets.basic import GRID, PlainLabel, line_edit, quiet_label, row, say

_NAME = Qt.ItemDataRole.UserRole
_ROWS = 6
_DEFAULT_GB = 2.1  # as the engine's own: 2 GiB


class ArchivesGroup(QGroupBox):
    """The cache is emptied and an account kept at once; all else takes effect with OK."""

    def __init__(self, components: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTitle(self.tr("Data from public archives"))
        self._client, self._accounts, self._network = components.client, components.accounts, components.network
        self._offline = QCheckBox(self.tr("Work offline: use only what was fetched before"))
        self._offline.setObjectName("deepsoilOffline")
        self._offline.setChecked(preferences.archives_offline())
        self._size = PlainLabel("…", "deepsoilCacheSize")
        self._quota = QDoubleSpinBox()
        self._quota.setObjectName("deepsoilCacheQuota")
        self._quota.setRange(0.1, 1000.0)
        self._quota.setDecimals(1)
        self._quota.setSuffix(" GB")
        self._quota.setValue(preferences.cache_mb() / 1000 or _DEFAULT_GB)
        self._quota.setToolTip(self.tr("Beyond this size, what was used least recently is removed"))
        self._clear = self._push("deepsoilCacheClear", self.tr("Clear"), self._clear_cache)
        self._clear.setToolTip(self.tr("Remove what is kept of earlier downloads. Regions and maps stay"))
        self._token = line_edit("deepsoilEarthdata", self.tr("Earthdata token"), 12)
        self._token.setEchoMode(QLineEdit.EchoMode.Password)
        self._token.setToolTip(self.tr("Register at urs.earthdata.nasa.gov (free), choose “Generate Token”, and paste "
                                       "it here. It is kept in QGIS's authentication store"))
        self._keep = self._push("deepsoilEarthdataKeep", self.tr("Keep"), self._keep_token)
        self._forget = self._push("deepsoilEarthdataForget", self.tr("Remove"), self._forget_token)
        self._said = quiet_label("deepsoilArchivesRemark")
        self._list = QListWidget()
        self._list.setObjectName("deepsoilArchives")
        self._list.setAccessibleName(self.tr("Archives that may be asked"))
        self._list.setMinimumHeight(_ROWS * (self.fontMetrics().lineSpacing() + GRID))
        cache = row(self._size, PlainLabel(self.tr("of at most")), self._quota, self._clear, spacing=2 * GRID)
        cache.addStretch(1)
        form = QFormLayout(self)
        form.addRow(self._offline)
        form.addRow(self.tr("Kept downloads"), cache)
        form.addRow(self.tr("Earthdata token"), row(self._token, self._keep, self._forget, spacing=2 * GRID))
        form.addRow(self.tr("Archives to ask"), self._list)
        form.addRow(self._said)
        self._client.ready.connect(self.ask)
        self._show_account()

    def ask(self, *_: Any) -> None:
        """Ask the engine which archives there are, and how large the cache is."""
        self._client.call("archives", {}, self._listed, self._refused, owner=self)
        self._client.call("archive_cache", {}, self._measured, self._refused, owner=self)

    def apply(self) -> None:
        """With OK."""
        preferences.set_archives_offline(self._offline.isChecked())
        if abs(self._quota.value() - (preferences.cache_mb() / 1000 or _DEFAULT_GB)) > 0.05:
            preferences.set_cache_mb(round(1000 * self._quota.value()))
        if self._list.count():
            items = [self._list.item(number) for number in range(self._list.count())]
            preferences.set_archives_off(str(item.data(_NAME)) for item in items
                                         if item.checkState() != Qt.CheckState.Checked)

    def _push(self, name: str, text: str, action: Any) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _=False: action())
        return button

    def _listed(self, archives: Any) -> None:
        off = set(preferences.archives_off())
        self._list.clear()
        for archive in archives or ():
            item = QListWidgetItem(archive["title"])
            item.setData(_NAME, archive["name"])
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Unchecked if archive["name"] in off else Qt.CheckState.Checked)
            item.setToolTip(tip_text(archive_tip(archive)))
            self._list.addItem(item)

    def _measured(self, cache: Mapping[str, Any]) -> None:
        self._clear.setEnabled(True)
        if cache.get("bytes") is not None:
            self._size.setText(size_text(cache["bytes"]))

    def _clear_cache(self) -> None:
        self._clear.setEnabled(False)
        self._client.call("archive_cache", {"clear": True}, self._measured, self._refused, owner=self)

    def _refused(self, error: Mapping[str, Any]) -> None:
        self._clear.setEnabled(True)
        say(self._said, plain_error(error))

    # --- the account

    def _keep_token(self) -> None:
        token = self._token.text().strip()
        if not token:
            return
        if not self._accounts.keep(EARTHDATA, token):
            say(self._said, self.tr("QGIS's authentication store is locked, so the token was not kept."))
            return
        self._network.tell()
        self._show_account()

    def _forget_token(self) -> None:
        self._accounts.forget(EARTHDATA)
        self._network.tell()
        self._show_account()

    def _show_account(self) -> None:
        there = self._accounts.has(EARTHDATA)
        self._token.clear()
        self._token.setPlaceholderText(self.tr("kept") if there else self.tr("none"))
        self._forget.setEnabled(there)
        say(self._said, "")


def archive_tip(archive: Mapping[str, Any]) -> str:
    """Licence, whom to name, terms, and when it was last compared with what DeepSoil assumes of it."""
    lines = [tr("Licence: {0}").format(engine_text(archive["licence"])) if archive.get("licence") else "",
             str(archive.get("attribution") or ""), engine_text(str(archive.get("terms") or "")),
             tr("Last checked live: {0}").format(archive.get("last_checked") or tr("never"))]
    return "\n".join(line for line in lines if line)
