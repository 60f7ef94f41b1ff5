"""What stands below the data's line: data can be had for this field, or brought up to today, and at what cost; on a
first start the two ways to a map. Asks the engine for the plan; nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QPushButton, QSizePolicy, QWidget

from ... import preferences
from ...engine.client import EngineClient
from ...jobs.estimator import LatestAnswer
from ...jobs.gather_request import GatherRequest, cost_text, host_parameters, problem_text, until_text
from ...widgets.basic import GRID, PlainLabel, column, row, subdue

_UNKNOWN = "method_unknown"  # an older engine on another host


class Offer(QWidget):
    """``gatherWanted`` and ``updateWanted`` when the user takes an offer; ``sampleWanted`` for the sample region;
    ``unavailable`` where the host's engine does not know public archives.
    """

    gatherWanted = pyqtSignal()
    updateWanted = pyqtSignal()
    sampleWanted = pyqtSignal()
    unavailable = pyqtSignal()

    def __init__(self, client: EngineClient, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cost = PlainLabel(name="deepsoilDataCost")
        self._cost.setWordWrap(True)
        subdue(self._cost)
        self._get = self._push("deepsoilGetData", self.tr("Get it…"), self.gatherWanted)
        self._get.setToolTip(self.tr("See what would be fetched, from where and under which licence. Nothing is "
                                     "fetched yet"))
        self._update = self._push("deepsoilUpdateData", self.tr("Update"), self.updateWanted)
        self._update.setToolTip(self.tr("Fetch the days that are new or were revised"))
        self._sample = self._push("deepsoilTrySample", self.tr("Try the sample field"), self.sampleWanted)
        self._sample.setToolTip(self.tr("Builds a synthetic region on this computer, which takes a few minutes. It is "
                                        "not a real place"))
        self._mine = self._push("deepsoilGetMyData", self.tr("Get data for my field"), self.gatherWanted)
        self._mine.setToolTip(self.tr("Draw your field; then its data can be fetched from public archives"))
        line = row(spacing=2 * GRID)
        line.addWidget(self._cost, 1)
        line.addWidget(self._get)
        line.addWidget(self._update)
        layout = column(spacing=GRID)
        layout.addLayout(line)
        layout.addWidget(self._mine)
        layout.addWidget(self._sample)
        self.setLayout(layout)
        self._planner = LatestAnswer(client, "gather_plan", self)
        self._planner.answered.connect(self._planned)
        self._refresher = LatestAnswer(client, "refresh_plan", self)
        self._refresher.answered.connect(self._refreshed)
        self._until = ""
        self._asked: dict[str, Any] = {}
        self.nothing()

    def _push(self, name: str, text: str, signal: Any) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        button.clicked.connect(lambda _=False: signal.emit())
        return button

    # --- what is offered

    def nothing(self) -> None:
        self._show()
        self._asked = {}

    def first_steps(self, sample: bool) -> None:
        """The two ways out of an empty dock; ``sample``: whether this computer can build the sample region."""
        self._show(self._mine, *([self._sample] if sample else []))
        self._asked = {}

    def set_building(self, building: bool) -> None:
        """While the sample region is built, its button stops that."""
        self._sample.setText(self.tr("Cancel") if building else self.tr("Try the sample field"))

    def missing(self, request: GatherRequest) -> None:
        """No region has this field."""
        if self._asked == (params := request.plan_parameters()):
            return
        self._show(self._get)
        self._asked = params
        self._say(self.tr("Looking for what there is …"))
        self._planner.want(params)

    def old(self, region: Mapping[str, Any], host: str) -> None:
        """The region's data end too early."""
        params = {"region": region["id"], **host_parameters(host), "off": list(preferences.archives_off()),
                  "agreed": list(preferences.archives_agreed())}
        if self._asked == params:
            return
        self._show(self._update)
        self._asked, self._until = params, until_text(region)
        self._say(self._until)
        self._refresher.want(params)

    # --- what the engine says

    def _planned(self, plan: dict[str, Any]) -> None:
        problems = plan.get("problems") or ()
        if problems and problems[0].get("code") == _UNKNOWN:
            self.nothing()
            self.unavailable.emit()
            return
        self._say(cost_text(plan) or problem_text(plan))

    def _refreshed(self, plan: dict[str, Any]) -> None:
        cost = cost_text(plan)
        self._update.setVisible(bool(cost))
        nothing_new = self.tr("Nothing newer is published yet.")
        self._say(f"{self._until} {cost or problem_text(plan) or nothing_new}")

    def _say(self, text: str) -> None:
        self._cost.setText(text)
        self._cost.setVisible(bool(text))

    def _show(self, *buttons: QPushButton) -> None:
        self._forget()
        self._cost.setVisible(False)
        for button in (self._get, self._update, self._sample, self._mine):
            button.setVisible(button in buttons)
        self.setVisible(bool(buttons))

    def _forget(self) -> None:
        for planner in (self._planner, self._refresher):
            planner.forget()
