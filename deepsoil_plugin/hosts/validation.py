"""What a host is made of while it is described: a new host, its id, and what is still wrong.

Pure apart from the translator.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from ..contract import ADDRESS, HOST_HOME, LOCAL, NEW_HOST, SCHEDULER_NAME
from ..text.translate import tr

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
        (not address, Problem("address", tr("Choose or type a host."), missing=True)),
        ("@" in address, Problem("address", tr("Type the host without “@”. The user name has its own field."))),
        (not re.fullmatch(ADDRESS, address), Problem("address", tr("Type a host name, an address or an alias, without "
                                                              "spaces or “/”."))),
        (not title, Problem("title", tr("Give the host a name."), missing=True)),
        (title.casefold() in {other.casefold() for other in titles},
         Problem("title", tr("Another host already has this name."))),
        (host["authentication"] == "key" and not host["key_file"],
         Problem("key_file", tr("Choose the private key file."), missing=True)),
        (not re.fullmatch(HOST_HOME, str(host["home"])),
         Problem("home", tr("The folder must be a full path or start with “~/”, and contain no colon."))),
    ]
    if host["scheduler"] == "slurm":
        words = {"partition": tr("The partition"), "account": tr("The account"), "qos": tr("The QOS")}
        found += [(bool(host["resources"][name]) and not re.fullmatch(SCHEDULER_NAME, host["resources"][name]),
                   Problem(name, tr("{0} must be a single word, as Slurm writes it.").format(word)))
                  for name, word in words.items()]
    return next((one for wrong, one in found if wrong), None)
