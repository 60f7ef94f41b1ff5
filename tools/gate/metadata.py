"""The rules for ``metadata.txt``. Pure but for `unreachable`, which asks each address as the site does.

The owner's own address is one setting: ``repository`` in ``metadata.txt``. Tracker and homepage follow from it.
"""

from __future__ import annotations

import configparser
import re
import urllib.error
import urllib.request
from collections.abc import Collection, Mapping
from urllib.parse import urlsplit

from . import rules

TIMEOUT_S = 10.0
_PLACEHOLDERS = re.compile(r"(^|[@.])(example\.(org|com|net|edu)|[^.]+\.(example|test|invalid|localhost)|localhost)$")
_VERSION = re.compile(r"\d+(\.\d+){1,3}")


def completed(text: str) -> str:
    """The text with ``homepage`` and ``tracker`` made from ``repository`` where they are not given."""
    known = dict(_parsed(text))
    repository = known.get("repository", "").rstrip("/")
    made = {"homepage": repository, "tracker": f"{repository}/issues"}
    lines = "".join(f"{key}={value}\n" for key, value in made.items() if not known.get(key))
    return re.sub(r"^(repository=.*\n)", lambda found: found[1] + lines, text, count=1, flags=re.MULTILINE)


def problems(text: str, inside: Collection[str]) -> list[str]:
    """What the site would refuse. ``inside``: the files of the plugin's folder, named from that folder."""
    try:
        known = _parsed(text)
    except configparser.Error as error:
        return [f"metadata.txt cannot be read: {error}"]
    found = [f"metadata without {key}" for key in rules.REQUIRED_METADATA if not known.get(key, "").strip()]
    if "plugin" in known.get("name", "").lower():
        found.append("the name must not have the word plugin in it")
    if "/" in known.get("author", ""):
        found.append("the author's name must not have a slash in it")
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", known.get("email", "")):
        found.append(f"email is not an address: {known.get('email')}")
    found += _version_problems(known)
    found += [f"{key} is neither True nor False: {known[key]}" for key in rules.BOOLEANS
              if known.get(key, "True") not in ("True", "False", "yes", "no")]
    if "supportsQt6" in known:
        found.append("supportsQt6 is no longer read; qgisMaximumVersion=4.99 says that the plugin runs under Qt 6")
    if known.get("icon", "") not in inside:
        found.append(f"the icon is not in the zip: {known.get('icon')}")
    for key in rules.ADDRESSES:
        address = urlsplit(known.get(key, ""))
        if address.scheme not in ("https", "http") or not address.hostname:
            found.append(f"{key} is not the address of a page: {known.get(key)}")
    return found


def placeholders(text: str) -> list[str]:
    """The settings of the owner that are still invented ones, as ``key=value``."""
    known = _parsed(text)
    hosts = {key: urlsplit(known.get(key, "")).hostname or "" for key in rules.ADDRESSES}
    hosts["email"] = known.get("email", "").rpartition("@")[2]
    return [f"{key}={known.get(key, '')}" for key, host in hosts.items() if _PLACEHOLDERS.search(host.lower())]


def unreachable(text: str) -> list[str]:
    """The addresses that do not answer within `TIMEOUT_S`, each with the reason."""
    known, found = _parsed(text), []
    for key in rules.ADDRESSES:
        if not known.get(key, "").startswith(("https://", "http://")):
            found.append(f"{key}={known.get(key, '')}: not the address of a page")
            continue
        request = urllib.request.Request(known[key], method="HEAD", headers={"User-Agent": "Mozilla/5.0"})
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S):
                pass
        except (urllib.error.URLError, OSError, ValueError) as error:
            found.append(f"{key}={known[key]}: {error}")
    return found


def _version_problems(known: Mapping[str, str]) -> list[str]:
    found = [f"{key} is not a version: {known[key]}"
             for key in ("version", "qgisMinimumVersion", "qgisMaximumVersion")
             if key in known and not _VERSION.fullmatch(known[key])]
    lowest, highest = known.get("qgisMinimumVersion"), known.get("qgisMaximumVersion")
    if not found and lowest and highest and _numbers(lowest) > _numbers(highest):
        found.append("qgisMinimumVersion is above qgisMaximumVersion")
    if known.get("version", "") not in known.get("changelog", ""):
        found.append(f"the changelog says nothing of version {known.get('version')}")
    return found


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _parsed(text: str) -> Mapping[str, str]:
    # As the site reads it: with interpolation, so that a single % is an error; names keep their case.
    parser = configparser.ConfigParser()
    parser.optionxform = str  # type: ignore[method-assign,assignment]
    parser.read_string(text)
    if not parser.has_section("general"):
        raise configparser.NoSectionError("general")
    return dict(parser.items("general"))
