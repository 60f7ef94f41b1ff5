"""A date with a calendar, whose parts can be typed one by one; typed over as a whole, any usual form is understood."""

from __future__ import annotations

from qgis.PyQt.QtCore import QDate, QLocale, Qt, pyqtSignal
from qgis.PyQt.QtGui import QKeyEvent
from qgis.PyQt.QtWidgets import QDateEdit, QLineEdit, QWidget

from ..text.plain import tip_text

SHOWN = "d MMM yyyy"
_FORMS = ("d MMM yyyy", "d MMMM yyyy", "MMM d yyyy", "MMMM d yyyy", "yyyy-M-d", "d.M.yyyy", "yyyyMMdd")


def day_from(text: str) -> QDate | None:
    """The day that a text means, in the user's language or in English; None where it means none."""
    words = " ".join(text.replace(",", " ").split())
    here, english = QLocale(), QLocale(QLocale.Language.English)
    forms = [*_FORMS, here.dateFormat(QLocale.FormatType.ShortFormat).replace("yyyy", "yy").replace("yy", "yyyy")]
    for locale in (here, english):
        for form in forms:
            day = locale.toDate(words, form)
            if day.isValid() and day.year() >= 1900:
                return day
    return None


class DateField(QDateEdit):
    """``misread(text)`` where something was typed that is no date; the date stays as it was."""

    misread = pyqtSignal(str)

    def __init__(self, name: str, what: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(what)
        self.setToolTip(tip_text(what))
        self.setDisplayFormat(SHOWN)
        self.setCalendarPopup(True)
        self.setKeyboardTracking(False)
        self.setMinimumWidth(self.sizeHint().width())
        self._over = QLineEdit(self)
        self._over.setObjectName(f"{name}Text")
        self._over.hide()
        self._over.editingFinished.connect(self._typed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        line = self.lineEdit()
        whole = line.hasSelectedText() and line.selectedText() == line.text()
        if whole and event.text().isprintable() and event.text().strip():
            self._over.setGeometry(line.geometry())
            self._over.setText(event.text())
            self._over.show()
            self._over.setFocus(Qt.FocusReason.OtherFocusReason)
            self._over.end(False)
            return
        super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab out of what is typed over the whole leaves the field; it would only go to the date's next part."""
        if self._over.isHidden():
            return bool(super().focusNextPrevChild(forward))
        self.setFocus(Qt.FocusReason.OtherFocusReason)  # the text is taken as the date
        return bool(QWidget.focusNextPrevChild(self, forward))

    def _typed(self) -> None:
        if self._over.isHidden():
            return
        text = self._over.text()
        self._over.hide()
        day = day_from(text)
        if day is None:
            self.misread.emit(text)
        else:
            self.setDate(day)
            self.lineEdit().deselect()
