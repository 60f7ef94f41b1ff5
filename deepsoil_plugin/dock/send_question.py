"""What a job of the project file would do, shown before it is sent. A project may come from anybody."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

from ..jobs.project_state import KeptJob
from ..jobs.session import Session
from ..jobs.status_text import depths_text, period_of
from ..text.formatting import number_text
from ..text.translate import tr
from ..widgets.basic import GRID, quiet_label


class SendQuestion(QDialog):
    """Everything about the job as text, with Send and Cancel. Not modal; Cancel is the default."""

    def __init__(self, job_id: str, kept: KeptJob, session: Session, host: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("deepsoilSendQuestion")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("DeepSoil: Send this job?"))
        about = quiet_label("deepsoilSendQuestionAbout", self.tr(
            "This job came with the project file and has not been sent. This is what it will do:"))
        self.text = QPlainTextEdit(job_text(kept.specification, host))
        self.text.setObjectName("deepsoilSendQuestionText")
        self.text.setAccessibleName(self.tr("What the job will do"))
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        send = buttons.addButton(self.tr("Send"), QDialogButtonBox.ButtonRole.AcceptRole)
        send.setObjectName("deepsoilSendQuestionYes")
        send.setAutoDefault(False)
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setDefault(True)
        buttons.accepted.connect(lambda: session.send_kept(job_id, kept))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(2 * GRID)
        layout.addWidget(about)
        layout.addWidget(self.text)
        layout.addWidget(buttons)
        self.resize(480, 320)


def job_text(specification: Mapping[str, Any], host: str) -> str:
    """One line for each part of a request for maps; ``host`` is the title of where it would run. Pure."""
    summary = {"specification": specification}
    rows = [(tr("Name"), specification["name"]), (tr("Makes"), tr("maps of soil moisture")), (tr("Where"), host),
            (tr("Dates"), period_of(summary)), (tr("Depths"), depths_text(summary)),
            (tr("Area"), _box_text(specification.get("area"))),
            (tr("Region"), specification.get("region") or tr("the one that covers the area"))]
    rows += [(tr("Model for {0} cm").format(depth), model)
             for depth, model in sorted((specification.get("models") or {}).items())]
    # Whatever else it says, as it says it: nothing is sent that does not stand here.
    shown = {"schema", "id", "kind", "name", "dates", "depths_cm", "area", "region", "models"}
    rows += [(name, json.dumps(value, ensure_ascii=False)) for name, value in specification.items()
             if name not in shown and value]
    # A line each, whatever it says.
    return "\n".join(f"{title}: {' '.join(str(value).split())}" for title, value in rows)


def _box_text(area: Any) -> str:
    """``40.40° to 40.41° north, −105.00° to −104.99° east``: the box around the area."""
    points = list(_points(area))
    if not points:
        return tr("none")
    longitudes, latitudes = zip(*points, strict=True)
    south, north, west, east = (number_text(value, 3) for value in (min(latitudes), max(latitudes), min(longitudes),
                                                                    max(longitudes)))
    return tr("latitude {0}° to {1}°, longitude {2}° to {3}°").format(south, north, west, east)


def _points(part: Any) -> Iterator[tuple[float, float]]:
    """All corners of a GeoJSON area as (longitude, latitude)."""
    if isinstance(part, Mapping):
        for name in ("coordinates", "features", "geometry"):
            yield from _points(part.get(name))
    elif isinstance(part, list | tuple):
        if len(part) >= 2 and all(isinstance(value, int | float) for value in part[:2]):
            yield float(part[0]), float(part[1])
        else:
            for one in part:
                yield from _points(one)
