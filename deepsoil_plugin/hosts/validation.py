"""What a host is made of while it is described: a new host, its id, and what is still wrong.

Pure apart from the translator.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from qgis.PyQt.QtCore import QCoreApplication

from ..contract import ADDRESS, HOST_HOME, LOCAL, NEW_HOST, SCHEDULER_NAME

HOME: str = NEW_HOST["home"]
RESOURCES: dict[str, Any] = NEW_HOST["resources"]


def new_host() -> dict[str, Any]:
    return {"id": "", "title": "", "address": "", **NEW_HOST, "resources": dict(RESOURCES)}


def host_id(title: str, taken: Collection[str]) -> str:
    """A short id from the title that no other host has."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40] or "host"
    number, name = 1, stem
    while name in taken or name == LOCAL:
        number += 1
        name = f"{stem}-{number}"
    return name


@dataclass(frozen=True)
class Problem:
    """What is wrong with a field and what would be right; ``missing``: it has not been filled in yet."""

    field: str
    text: str
    missing: bool = False


def problem(host: Mapping[str, Any], titles: Collection[str] = ()) -> Problem | None:
    """The first thing that is wrong; ``titles``: of the other hosts."""
    title, address = str(host["title"]), str(host["address"])
    found: list[tuple[bool, Problem]] = [
        (not address, Problem("address", _tr("Choose or type the host."), missing=True)),
        ("@" in address, Problem("address", _tr("The user has a field of its own: write the host without “@”."))),
        (not re.fullmatch(ADDRESS, address), Problem("address", _tr("A host is a name, an address or an alias, without "
                                                              "blanks or “/”."))),
        (not title, Problem("title", _tr("Give the host a title."), missing=True)),
        (title.casefold() in {other.casefold() for other in titles},
         Problem("title", _tr("Another host has this title already."))),
        (host["authentication"] == "key" and not host["key_file"],
         Problem("key_file", _tr("Choose the file of the private key."), missing=True)),
        (not re.fullmatch(HOST_HOME, str(host["home"])),
         Problem("home", _tr("The folder there is a whole path, or begins with “~/”; it has no colon."))),
    ]
    if host["scheduler"] == "slurm":
        words = {"partition": _tr("The partition"), "account": _tr("The account"), "qos": _tr("The QOS")}
        found += [(bool(host["resources"][name]) and not re.fullmatch(SCHEDULER_NAME, host["resources"][name]),
                   Problem(name, _tr("{0} is one word, as Slurm writes it.").format(word)))
                  for name, word in words.items()]
    return next((one for wrong, one in found if wrong), None)


def _tr(text: str) -> str:
    return QCoreApplication.translate("DeepSoil", text)
