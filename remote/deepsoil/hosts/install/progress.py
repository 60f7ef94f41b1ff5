"""Reads the log of an installation: its progress, and the reason of a failure. Pure."""

from __future__ import annotations

import re

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.host import Host
from deepsoil.contract.text import Text

_STEPS: dict[str, tuple[str, float]] = {
    "environment": (Text("Creating a Python environment"), 0.0), "packages": (Text("Looking up packages"), 0.05),
    "resources": (Text("Unpacking models"), 0.96), "trial": (Text("Testing the engine"), 0.97)}
_KEPT_LINES = 400


class Progress:
    """Turns pieces of the log into a message and a fraction that only grows. ``lines``: the last lines."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._rest = ""
        self._packages = 0
        self._current: tuple[str, float] = (Text("Starting the installation"), 0.0)

    def take(self, text: str) -> tuple[str, float]:
        """The message and the fraction (0 to 1) after another piece of the log."""
        whole = (self._rest + text).split("\n")
        self._rest = whole.pop()
        for line in whole:
            self._line(line.rstrip())
        self.lines = [*self.lines, *(line.rstrip() for line in whole)][-_KEPT_LINES:]
        return self._current

    def _line(self, line: str) -> None:
        message, fraction = self._current
        if line.startswith("@step "):
            message, fraction = _STEPS.get(line[6:], (message, fraction))
        elif line.startswith("Collecting ") and len(line.split()) > 1:
            # About 40 packages; the fraction only has to increase and must not reach the end early.
            self._packages += 1
            message = Text("Looking up {package}", package=line.split()[1])
            fraction = 0.05 + 0.35 * self._packages / (self._packages + 15)
        elif found := re.match(r"\s*Downloading (\S+).*?(\([^)]*\))?$", line):
            package = found[1].rsplit("/", 1)[-1].split("-")[0]
            message = (Text("Downloading {package} {size}", package=package, size=found[2]) if found[2]
                       else Text("Downloading {package}", package=package))
            fraction += (0.6 - fraction) * 0.03
        elif line.startswith("Installing collected packages"):
            message, fraction = Text("Installing packages"), 0.65
        self._current = (message, max(fraction, self._current[1]))


_NO_NETWORK = ("This host reaches no package server. On a computer with network and the same kind of processor: "
               "'pip download -d wheelhouse --only-binary :all: --python-version 3.12 PACKAGES', those of the engine's "
               "pyproject.toml; copy the folder there; write [install], no-index = true and find-links = "
               "/path/wheelhouse into ~/.config/pip/pip.conf there (or set PIP_NO_INDEX and PIP_FIND_LINKS in "
               "~/.bashrc), then install again. A proxy is set there by HTTPS_PROXY.")
_CASES = (
    (r"DO NOT MATCH THE HASHES", "packages_altered", "A package there is not the one that was tested: {line}",
     "Nothing of it was installed. Install again; where it stays so, ask whoever runs the package server there."),
    (r"No space left|Disk quota exceeded|Errno 122", "host_disk_full", "The disk or the quota there is full.",
     "Free some space there (an engine with training needs up to 6 GB), then install again: it continues."),
    (r"407|Proxy Authentication", "packages_unreachable", "The proxy there asks for a password.",
     "Set HTTPS_PROXY with user and password in ~/.bashrc there, then install again."),
    (r"CERTIFICATE_VERIFY_FAILED|SSLError", "packages_unreachable",
     "The certificate of the package server was not accepted there.",
     "A proxy may inspect connections: ask its administrators for the certificate and set PIP_CERT there to it."),
    (r"name resolution|Name or service not known|ConnectionError|Connection refused|ConnectTimeout|timed out|"
     r"getaddrinfo|NewConnectionError|Network is unreachable|No route to host|ReadTimeout",
     "packages_unreachable", "The package server could not be reached from there.", _NO_NETWORK),
    (r"Permission denied|Read-only file system", "host_read_only", "A file could not be written there.",
     "Check the permissions of the host's folder, or choose another one."),
    (r"No matching distribution|Could not find a version", "packages_missing",
     "A package does not exist for the Python or the system there: {line}",
     "Give a Python 3.12 of that host in the host's settings. An old system (glibc below 2.28) may need a newer login "
     "node, or Python from conda-forge."),
)
_OF_STEP = {
    "environment": ("python_missing", "The Python environment could not be made there",
                    "Give another Python 3.12 of that host in the host's settings, e.g. one of conda or of a module."),
    "files": ("host_read_only", "A file could not be written there",
              "Check the folder's permissions and the free space."),
    "trial": ("engine_broken", "The engine was installed but does not start there",
              "The system there may be too old for its packages (glibc below 2.28), or the processor of another kind. "
              "Ask its administrators."),
}


def failure(step: str, lines: list[str], host: Host) -> DeepSoilError:
    """The error for an installation that failed at a step of the script."""
    text = "\n".join(lines[-80:])
    telling = [line for line in lines if re.search(r"ERROR|Error|error|cannot|No space|not found", line)]
    last = (telling or [line for line in lines if line] or ["there is no output"])[-1].strip()[-300:]
    for pattern, code, message, hint in _CASES:
        if re.search(pattern, text):
            return DeepSoilError(code, "{title}: {problem}", "{advice}",
                                 title=host.title, problem=message.format(line=last), advice=hint)
    code, message, hint = _OF_STEP.get(step, ("install_failed", "The engine's packages could not be installed there",
                                              "The log is in the folder engine of the host's home. Please send it "
                                              "to the developers."))
    return DeepSoilError(code, "{title}: {problem}: {detail}", "{advice}",
                         title=host.title, problem=message, detail=last, advice=hint)
