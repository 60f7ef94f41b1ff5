"""What is to be trained: host, depth, configuration, data, and one row for each training."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QFormLayout, QLineEdit, QPushButton, QSizePolicy, QSpinBox, QWidget

from ..depths import DEPTHS, depth_title
from ..engine.client import EngineClient
from ..hosts.host_field import HostField
from ..hosts.model import HostsModel
from ..jobs.training_request import TrainingRequest, TrainingRow, base_row, learns_from_stations, rows_for, slug
from ..widgets.basic import GRID, PlainLabel, column, row
from .configuration_field import ConfigurationField
from .rows_table import RowsModel, RowsTable

_EVERY_REGION = object()
_MOST_SEEDS = 100
_MOST_EPOCHS = 100_000


class TrainingForm(QWidget):
    """``edited`` after every change of what is to be trained; ``hostChanged`` when another host is chosen, or the
    chosen one has become reachable or unreachable. The table is filled anew from the fields above it.
    """

    edited = pyqtSignal()
    hostChanged = pyqtSignal()

    def __init__(self, client: EngineClient, hosts: HostsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._regions: list[dict[str, Any]] = []
        self.host = HostField(hosts, "deepsoilTrainHost")
        self.configuration = ConfigurationField(client)
        self.rows = RowsModel(self)
        self._make_fields()
        self._build()
        self._connect()

    def _make_fields(self) -> None:
        self._depth = QComboBox()
        for depth in reversed(DEPTHS):
            self._depth.addItem(depth_title(depth), depth.depth_cm)
        self.configuration.show_depth(self._depth.currentData())
        self._name = QLineEdit()
        self._name.setMaxLength(200)
        self._weather = QLineEdit()
        self._weather.setToolTip(self.tr("Folder with the daily weather series, on the computer that trains"))
        self._region = QComboBox()
        self._region.setToolTip(self.tr("Train on the stations of this region as well as on simulated columns"))
        self._weights = QLineEdit()
        self._weights.setToolTip(self.tr(
            "Folder of an earlier training on that computer. Its weights are the starting point"))
        self._epochs = _spin(1, _MOST_EPOCHS, 1)
        self._seeds = _spin(1, _MOST_SEEDS, 1)
        self._seeds.setToolTip(self.tr(
            "Repeat the training with this many random seeds, to see how much the result depends on chance"))
        for combo in (self._depth, self._region):
            combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for name, field in (("Depth", self._depth), ("Name", self._name), ("Weather", self._weather),
                            ("Region", self._region), ("Weights", self._weights), ("Epochs", self._epochs),
                            ("Seeds", self._seeds)):
            field.setObjectName(f"deepsoilTrain{name}")
        self.table = RowsTable(self.rows)
        self.table.setMinimumHeight(90)
        self.add_button = QPushButton(self.tr("Add a row"))
        self.add_button.setObjectName("deepsoilTrainAdd")
        self.remove_button = QPushButton(self.tr("Remove selected rows"))
        self.remove_button.setObjectName("deepsoilTrainRemove")
        for button in (self.add_button, self.remove_button):
            button.setAutoDefault(False)

    def _build(self) -> None:
        self._form = QFormLayout()
        self._form.setVerticalSpacing(2 * GRID)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        seeds = PlainLabel(self.tr("Seeds"))
        seeds.setBuddy(self._seeds)
        seeds.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._seeds.setAccessibleName(seeds.text())
        self._epochs.setAccessibleName(self.tr("Epochs"))
        counts = row(self._epochs, seeds, self._seeds, spacing=2 * GRID)
        counts.addStretch(1)
        for title, field in ((self.tr("Train on"), self.host), (self.tr("Depth"), self._depth),
                             (self.tr("Start from"), self.configuration), (self.tr("Name"), self._name),
                             (self.tr("Weather folder"), self._weather), (self.tr("Stations of region"), self._region),
                             (self.tr("Starting weights"), self._weights)):
            self._form.addRow(title, field)
            if field is not self.host:
                field.setAccessibleName(title)
        self._form.addRow(self.tr("Epochs"), counts)
        layout = column(spacing=2 * GRID)
        layout.addLayout(self._form)
        layout.addWidget(self.table, 1)
        self.setLayout(layout)

    def _connect(self) -> None:
        self.host.chosen.connect(self.ask_host)
        self.host.standsOtherwise.connect(self.ask_host)
        self._depth.activated.connect(lambda _: self.configuration.show_depth(self._depth.currentData()))
        self.configuration.changed.connect(self._configuration_changed)
        self._name.textEdited.connect(lambda _: self._make_rows())
        self._region.activated.connect(lambda _: self._make_rows())
        for spin in (self._epochs, self._seeds):
            spin.valueChanged.connect(lambda _: self._make_rows())
        for line in (self._weather, self._weights):
            line.textEdited.connect(lambda _: self.edited.emit())
        self.rows.edited.connect(self.edited)
        self.add_button.clicked.connect(lambda: self.rows.add(self._template()))
        self.remove_button.clicked.connect(lambda: self.rows.remove(self.table.selected()))
        self._client.ready.connect(self.ask_host)

    def request(self) -> TrainingRequest | None:
        """What is to be trained; None while no configuration is chosen."""
        base = self.configuration.document
        if base is None:
            return None
        return TrainingRequest(base, self._name.text(), self._weather.text().strip(), self._weights.text().strip(),
                               self.rows.rows)

    def ask_host(self, *_: Any) -> None:
        """Ask the chosen host for its configurations and regions, once the engine is ready."""
        if not self._client.is_ready:
            return
        reachable, at_host = self.host.is_ready, self.host.parameters
        self.configuration.ask(at_host, reachable)
        self.hostChanged.emit()
        if reachable:
            self._client.call("regions", at_host, lambda regions: self._regions_came(at_host, regions), owner=self)
        else:
            self._regions_came(at_host, [])

    def _regions_came(self, at_host: dict[str, str], regions: list[dict[str, Any]]) -> None:
        if at_host != self.host.parameters:
            return
        self._regions = [region for region in regions if not region.get("problem") and region.get("stations")]
        self.rows.set_regions({region["path"]: region["name"] for region in self._regions})
        self._fill_regions()

    def _configuration_changed(self) -> None:
        document = self.configuration.document
        if document is not None:
            self._depth.setCurrentIndex(self._depth.findData(document["depth_cm"]))
            self._name.setText(document["title"])
            self._weather.setText(document["weather"]["root"])
            stations = learns_from_stations(document)
            self._weights.setText((document["supervision"] or {}).get("start") or "" if stations else "")
            self.rows.with_regions = stations
            for field in (self._region, self._weights):
                field.setVisible(stations)
                self._form.labelForField(field).setVisible(stations)
            self._epochs.blockSignals(True)
            self._epochs.setValue(document["schedule"]["epochs"])
            self._epochs.blockSignals(False)
        self._fill_regions()

    def _fill_regions(self) -> None:
        before = self._region.currentData()
        self._region.clear()
        document = self.configuration.document
        own = base_row(document).region if document else ""
        for region in self._regions:
            self._region.addItem(region["name"], region["path"])
        if own and self._region.findData(own) < 0:
            self._region.addItem(own, own)
        if len(self._regions) > 1:
            self._region.insertSeparator(self._region.count())
            self._region.addItem(self.tr("All regions: one model each ({0})").format(len(self._regions)),
                                 _EVERY_REGION)
        found = [number for number in (self._number_of(before), self._number_of(own)) if number >= 0]
        self._region.setCurrentIndex(found[0] if found else 0 if self._region.count() else -1)
        self._make_rows()

    def _number_of(self, data: Any) -> int:
        """The position of a region, or of all regions, among the choices; -1 where it is not among them."""
        return next((number for number in range(self._region.count())
                     if data is not None and self._region.itemData(number) == data), -1)

    def _template(self) -> TrainingRow:
        base = self.configuration.document
        template = base_row(base) if base else TrainingRow("model")
        region = self._region.currentData()
        return TrainingRow(slug(self._name.text()) or template.name, template.seed, self._epochs.value(),
                           region if isinstance(region, str) else template.region)

    def _make_rows(self) -> None:
        if self.configuration.document is None:
            self.rows.put([])
            return
        every = self._region.currentData() is _EVERY_REGION and self.rows.with_regions
        regions = [(region["name"], region["path"]) for region in self._regions] if every else []
        self.rows.put(rows_for(self._template(), regions, self._seeds.value()))


def _spin(least: int, most: int, value: int) -> QSpinBox:
    spin = QSpinBox()
    spin.setRange(least, most)
    spin.setValue(value)
    return spin
