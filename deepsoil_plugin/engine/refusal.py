"""What is not sent to the engine at all, because it is no document of the contract. Pure apart from the translator."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtCore import QCoreApplication

from ..contract_check import problem


def refusal_of(method: str, params: dict[str, Any]) -> dict[str, Any] | None:
    """The error of a job whose specification has a field too many, one too few, or a value that cannot be; else None.
    """
    found = problem(params.get("specification"), "Specification") if method == "submit" else None
    if found is None:
        return None
    text = {"unknown": _tr("The request has a field '{0}' that no job has."),
            "missing": _tr("The request lacks the field '{0}'."),
            "wrong": _tr("The value of the field '{0}' of the request cannot be used.")}[found.what]
    return {"code": "specification_invalid", "message": text.format(found.field), "field": found.field,
            "hint": _tr("Describe the request again and send it.")}


def _tr(text: str) -> str:
    return QCoreApplication.translate("DeepSoil", text)
