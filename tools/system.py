"""Packages of the operating system: QGIS, a virtual screen, the tests' Slurm and sshd (Debian and Ubuntu)."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from .console import Stop, output_of, run_logged, step

QGIS_PACKAGES = ("qgis", "python3-qgis", "qgis-providers")
SYSTEM_PYTHON = Path("/usr/bin/python3")
MINIMUM_QGIS = (3, 40)
_BACKPORTS = Path("/etc/apt/sources.list.d/deepsoil-backports.sources")
# A Slurm and an sshd of the tests' own; the machine's own, where there are any, are left alone.
_CLUSTER_PROGRAMS = {"slurmctld": "slurmctld", "slurmd": "slurmd", "sbatch": "slurm-client", "munged": "munge",
                     "sshd": "openssh-server", "ip": "iproute2"}
_SCREEN_PROGRAMS = {"Xvfb": ("xvfb",), "xdotool": ("xdotool",), "openbox": ("openbox", "fonts-open-sans")}
_STATUS = re.compile(r"(dl|pm)status:[^:]*:([\d.]+):(.*)")
_DOWNLOAD_SHARE = 0.5


def qgis_python() -> Path | None:
    """The Python that can import QGIS of a sufficient version; None where there is none."""
    version = output_of([SYSTEM_PYTHON, "-c", "from qgis.core import Qgis; print(Qgis.QGIS_VERSION_INT)"])
    if version is None or not shutil.which("qgis"):
        return None
    number = int(version)
    if (number // 10000, number // 100 % 100) < MINIMUM_QGIS:
        raise Stop(f"QGIS {number // 10000}.{number // 100 % 100} is installed; DeepSoil needs "
                   f"{MINIMUM_QGIS[0]}.{MINIMUM_QGIS[1]} or newer. Install the long-term release from qgis.org.")
    return SYSTEM_PYTHON


def missing_packages(*, qgis: bool, screen: bool) -> list[str]:
    """What apt has to install before anything else; ``screen``: for a QGIS on a virtual screen."""
    missing = list(QGIS_PACKAGES) if qgis and qgis_python() is None else []
    if screen:
        missing += [name for program, names in _SCREEN_PROGRAMS.items() if not shutil.which(program) for name in names]
    if SYSTEM_PYTHON.exists() and output_of([SYSTEM_PYTHON, "-c", "import ensurepip, venv"]) is None:
        missing.append("python3-venv")
    return missing


def missing_cluster_packages() -> list[str]:
    """What the tests' own Slurm and sshd still need."""
    path = f"{os.environ.get('PATH', '')}:/usr/local/sbin:/usr/sbin:/sbin"
    return [package for program, package in _CLUSTER_PROGRAMS.items() if not shutil.which(program, path=path)]


def administrator() -> list[str] | None:
    """The words before a command that needs root; None where this user cannot become root."""
    if os.geteuid() == 0:
        return []
    return ["sudo"] if shutil.which("sudo") else None


# apt closes the descriptor of its status lines to the programs that it starts: were it standard output, the scripts of
# packages would fail where they print.
APT_INSTALL = ("sh", "-c", 'exec "$@" 3>&1', "sh", "apt-get", "install", "-y", "-q", "-o", "APT::Status-Fd=3", "-o",
               "Dpkg::Use-Pty=0")


def install(packages: Iterable[str], admin: list[str]) -> None:
    """Install by apt, with its output in ``build/logs/apt.log``. Stop where that fails."""
    wanted = list(dict.fromkeys(packages))
    step(f"Installing {', '.join(wanted)}")
    release: list[str] = []
    if needs_backports(wanted):
        _add_backports(admin)
        release = ["-t", "bookworm-backports"]
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run_logged([*admin, "apt-get", "update", "-q"], "apt", env=env, what="apt-get update")
    qgis = [package for package in wanted if package in QGIS_PACKAGES]
    others = [package for package in wanted if package not in QGIS_PACKAGES]
    for names, options in ((qgis, release), (others, [])):
        if names:
            command = [*admin, *APT_INSTALL, *options, *names]
            run_logged(command, "apt", env=env, what="apt-get install", reader=apt_progress)
    if qgis and qgis_python() is None:
        raise Stop("QGIS was installed but its Python cannot import it. Install qgis 3.40 or newer and start again.")


def apt_progress(line: str) -> tuple[str, float] | None:
    """What one of apt's status lines says: first the downloads, then the installation."""
    found = _STATUS.match(line)
    if not found:
        return None
    done = float(found[2]) / 100
    share = done * _DOWNLOAD_SHARE if found[1] == "dl" else _DOWNLOAD_SHARE + done * (1 - _DOWNLOAD_SHARE)
    return found[3].strip(), share


def needs_backports(packages: list[str]) -> bool:
    """Whether QGIS has to come from bookworm-backports: Debian 12's own is too old."""
    release = Path("/etc/os-release").read_text(encoding="utf-8")
    return "VERSION_CODENAME=bookworm" in release and "ID=debian" in release and "qgis" in packages


def _add_backports(admin: list[str]) -> None:
    """Add the suite bookworm-backports with the address that the machine's own sources name."""
    if _BACKPORTS.exists():
        return
    text = backports_source(package_sources())
    if text is None:
        raise Stop("The package sources name no address for Debian 12. Add bookworm-backports and start again.")
    scratch = Path("/tmp") / _BACKPORTS.name
    scratch.write_text(text, encoding="utf-8")
    run_logged([*admin, "install", "-m", "644", scratch, _BACKPORTS], "apt", what="Adding bookworm-backports")
    scratch.unlink()


def package_sources() -> list[str]:
    """The texts of this machine's package sources."""
    files = [Path("/etc/apt/sources.list"), *sorted(Path("/etc/apt/sources.list.d").glob("*"))]
    return [file.read_text(encoding="utf-8") for file in files if file.is_file()]


def archive_address(sources: list[str]) -> str | None:
    """The address of Debian's main archive (not of its security updates), as the first source names it."""
    for text in sources:
        for stanza in re.split(r"\n\s*\n", text):
            found = re.search(r"^URIs:\s*(\S+)", stanza, re.MULTILINE)
            if found and re.search(r"^Suites:.*\b[a-z]+-updates\b", stanza, re.MULTILINE):
                return found[1]
        if found := re.search(r"^deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+[a-z]+-updates\s", text, re.MULTILINE):
            return found[1]
    return None


def backports_source(sources: list[str]) -> str | None:
    """A deb822 stanza for bookworm-backports, made from the first source that names the main archive."""
    for text in sources:
        for stanza in re.split(r"\n\s*\n", text):
            if re.search(r"^Suites:.*\bbookworm\b(?!-)", stanza, re.MULTILINE):
                lines = [line for line in stanza.splitlines() if line.strip() and not line.lstrip().startswith("#")]
                return "\n".join("Suites: bookworm-backports" if line.startswith("Suites:") else line
                                 for line in lines) + "\n"
        one_line = re.search(r"^deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+bookworm\s", text, re.MULTILINE)
        if one_line:
            return f"Types: deb\nURIs: {one_line.group(1)}\nSuites: bookworm-backports\nComponents: main\n"
    return None
