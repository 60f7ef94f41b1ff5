"""The list of hosts on the options page, and what can be done with one."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QGroupBox,
    QHeaderView,
    QMessageBox,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from .. import paths
from ..text.formatting import plain_error
from ..text.plain import tip_text
from ..widgets.basic import GRID, PlainMessageBox, ProblemLine, row
from .connection_test_window import ConnectionWindow
from .edit_dialog import HostDialog
from .install_window import InstallWindow
from .model import THIS_COMPUTER, Host

_ICONS = {"ready": "passed", "connecting": "running", "asking": "running", "starting": "running", "waiting": "queued",
          "off": "queued", "refused": "refused", "stopped": "refused"}
_ID = Qt.ItemDataRole.UserRole
_HEIGHT_PX = 150


class HostsGroup(QGroupBox):
    """Changes take effect at once: a host belongs to the engine, not to the options."""

    def __init__(self, components: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTitle(self.tr("Hosts where jobs run"))
        self._client, self._hosts, self._installer = components.client, components.hosts, components.host_installer
        self._questions = components.questions
        self._trouble = ""
        self.list = QTreeWidget()
        self.list.setObjectName("deepsoilHosts")
        self.list.setAccessibleName(self.tr("Hosts where jobs run"))
        self.list.setHeaderLabels([self.tr("Name"), self.tr("Address"), self.tr("Status")])
        self.list.setRootIsDecorated(False)
        self.list.setAllColumnsShowFocus(True)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setMinimumHeight(_HEIGHT_PX)
        header = self.list.header()
        header.setStretchLastSection(True)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.list.itemSelectionChanged.connect(self._chosen)
        self.list.itemDoubleClicked.connect(self._double_clicked)
        self._add_button = self._push("deepsoilHostAdd", self.tr("Add…"), self._add)
        self._edit_button = self._push("deepsoilHostEdit", self.tr("Edit…"), self._edit)
        self._remove_button = self._push("deepsoilHostRemove", self.tr("Remove"), self._ask_before_removing)
        self._test_button = self._push("deepsoilHostTestConnection", self.tr("Test connection"), self._test_selected)
        self._install_button = self._push("deepsoilHostInstall", self.tr("Install engine…"), self._install_selected)
        self._connect_button = self._push("deepsoilHostConnect", self.tr("Connect"), self._connect)
        self._connect_button.setToolTip(self.tr("Try to connect now"))
        first = row(self._add_button, self._edit_button, self._remove_button)
        first.addStretch(1)
        for button in (self._connect_button, self._test_button, self._install_button):
            first.addWidget(button)
        self._line = ProblemLine("deepsoilHostAdvice")
        layout = QVBoxLayout(self)
        layout.setSpacing(GRID)
        layout.addWidget(self.list)
        layout.addWidget(self._line)
        layout.addLayout(first)
        self._hosts.changed.connect(self._fill)
        self._installer.changed.connect(self._fill)
        self._fill()

    def _push(self, name: str, text: str, action: Any) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _=False: action())
        return button

    # --- the list

    def selected(self) -> str:
        """The id of the chosen host."""
        items = self.list.selectedItems()
        return str(items[0].data(0, _ID)) if items else THIS_COMPUTER

    def _cluster(self) -> Host | None:
        """The chosen host, where it is not this computer."""
        chosen = self.selected()
        return self._hosts.host(chosen) if chosen != THIS_COMPUTER else None

    def select(self, host_id: str) -> None:
        for number in range(self.list.topLevelItemCount()):
            item = self.list.topLevelItem(number)
            if item.data(0, _ID) == host_id:
                self.list.setCurrentItem(item)

    def _fill(self, *_: Any) -> None:
        chosen = self.selected()
        self.list.blockSignals(True)
        self.list.clear()
        for host in self._hosts.hosts():
            state = str((host.get("connection") or {}).get("state"))
            words = self._hosts.state_text(host["id"])
            known = self._installer.of(host["id"])
            if known is not None and self._installer.running(host["id"]):
                words = self.tr("installing the engine: {0} %").format(round(100 * known.fraction))
                state = "connecting"
            item = QTreeWidgetItem([str(host["title"]), _address_text(host), words])
            item.setIcon(0, paths.icon("view" if host["id"] == THIS_COMPUTER else "host"))
            item.setIcon(2, paths.icon(_ICONS.get(state, "failed")))
            item.setToolTip(2, tip_text(self._hosts.advice(host["id"])))
            item.setData(0, _ID, host["id"])
            self.list.addTopLevelItem(item)
        self.list.blockSignals(False)
        self.select(chosen)
        self._selected()

    def _selected(self) -> None:
        chosen = self.selected()
        cluster, ready = chosen != THIS_COMPUTER, self._client.is_ready
        state = ((self._hosts.host(chosen) or {}).get("connection") or {}).get("state")
        why = "" if cluster else self.tr("This computer cannot be edited or removed")
        if not ready:
            why = self.tr("Start the engine on this computer first")
        for button in (self._edit_button, self._remove_button, self._test_button, self._install_button):
            button.setEnabled(cluster and ready)
            button.setToolTip(tip_text(why))
        self._connect_button.setVisible(cluster and ready and state in ("off", "waiting", "refused"))
        self._add_button.setEnabled(ready)
        self._add_button.setToolTip(tip_text(why if not ready else self.tr(
            "Add a cluster or another computer that you reach over SSH")))
        known = self._installer.of(chosen)
        busy = self._installer.running(chosen)
        advice = known.message if known and busy else self._hosts.advice(chosen) if cluster else ""
        calm = busy or state in ("ready", "connecting")
        self._line.say(self._trouble or advice, warning=bool(self._trouble) or not calm)

    def _chosen(self) -> None:
        self._trouble = ""
        self._selected()

    # --- what can be done

    def _double_clicked(self, *_: Any) -> None:
        if self._edit_button.isEnabled():
            self._edit()

    def _add(self) -> None:
        self._open_dialog(None)

    def _edit(self) -> None:
        host = self._cluster()
        if host is not None:
            self._open_dialog(host)

    def _open_dialog(self, host: Host | None) -> None:
        dialog = HostDialog(self._hosts, host, self.window())
        dialog.saved.connect(lambda saved: self.select(saved["id"]))
        dialog.testWanted.connect(lambda document: self._test(document, dialog))
        dialog.open()

    def _test_selected(self) -> None:
        host = self._cluster()
        if host is not None:
            self._test({key: value for key, value in host.items() if key != "connection"}, None)

    def _test(self, host: Host, dialog: HostDialog | None) -> None:
        window = ConnectionWindow(self._client, self._hosts, self._questions, host, dialog or self.window())
        window.installWanted.connect(lambda wanted: self._save_and_install(wanted, dialog, window))
        window.open()

    def _save_and_install(self, host: Host, dialog: HostDialog | None, window: QWidget) -> None:
        """The engine installs at hosts it knows: one that is just being described is saved first."""
        def saved(answer: Host) -> None:
            if dialog is not None:
                dialog.keep_id(answer["id"])
            self._install(answer, window)

        if dialog is None:
            self._install(host, window)
        else:
            self._hosts.save(host, saved, self._refused, owner=window)

    def _install_selected(self) -> None:
        host = self._cluster()
        if host is not None:
            self._install(host, self.window(), begin=False)

    def _install(self, host: Host, over: QWidget, begin: bool = True) -> None:
        window = InstallWindow(self._installer, host, over)
        if begin:
            window.begin()
        window.open()

    def _connect(self) -> None:
        self._hosts.connect_now(self.selected())

    def _ask_before_removing(self) -> None:
        host = self._cluster()
        if host is None:
            return
        box = PlainMessageBox("deepsoilConfirmRemoveHost", self.tr("Remove {0}?").format(host["title"]), self.window())
        box.setInformativeText(self.tr(
            "Jobs on this host continue but are no longer listed here. Nothing is deleted on the host. Downloaded "
            "results are kept. QGIS forgets the saved password."))
        remove = box.addButton(self.tr("Remove"), QMessageBox.ButtonRole.AcceptRole)
        remove.setObjectName("deepsoilConfirmRemoveHostYes")
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        remove.clicked.connect(lambda: self._hosts.remove(host["id"], self._refused))
        box.open()

    def _refused(self, error: dict[str, Any]) -> None:
        self._trouble = plain_error(error)
        self._selected()


def _address_text(host: Host) -> str:
    address = str(host.get("address") or "")
    return f"{host['user']}@{address}" if host.get("user") else address
