"""Packages of the operating system: QGIS itself and what a windowless run needs (Debian and Ubuntu)."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from .console import Stop, ask, output_of, run, say, step

QGIS_PACKAGES = ("qgis", "python3-qgis", "qgis-providers")
SYSTEM_PYTHON = Path("/usr/bin/python3")
MINIMUM_QGIS = (3, 40)
_BACKPORTS = Path("/etc/apt/sources.list.d/deepsoil-backports.sources")
# A Slurm and an sshd of the tests' own; the machine's own, where there are any, are left alone.
_CLUSTER_PROGRAMS = {"slurmctld": "slurmctld", "slurmd": "slurmd", "sbatch": "slurm-client", "munged": "munge",
                     "sshd": "openssh-server", "ip": "iproute2"}
_PROGRAMS = {"Xvfb": ("xvfb",), "xdotool": ("xdotool",), "openbox": ("openbox", "fonts-open-sans")}


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


def ensure(yes: bool, windowless: bool) -> None:
    """Install what is missing, after saying what and asking. Stop where that cannot be done here."""
    missing: list[str] = [] if qgis_python() else list(QGIS_PACKAGES)
    if windowless:
        missing += [name for program, names in _PROGRAMS.items() if not shutil.which(program) for name in names]
    if output_of([SYSTEM_PYTHON, "-c", "import ensurepip, venv"]) is None:
        missing.append("python3-venv")
    if not missing:
        return
    if not shutil.which("apt-get"):
        raise Stop(f"Missing on this machine: {', '.join(missing)}. Install them (QGIS 3.40 or newer) and start again.")
    say(f"To be installed by apt: {', '.join(missing)}")
    if _needs_backports(missing):
        say("QGIS comes from bookworm-backports, which is added to the package sources.")
    if not ask("Install them now?", yes):
        raise Stop("Nothing was installed. Install the packages yourself and start again.")
    step("Installing packages of the operating system")
    admin = [] if os.geteuid() == 0 else ["sudo"]
    release = []
    if _needs_backports(missing):
        _add_backports(admin)
        release = ["-t", "bookworm-backports"]
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run([*admin, "apt-get", "update", "-q"], env=env, what="apt-get update")
    qgis = [package for package in missing if package in QGIS_PACKAGES]
    others = [package for package in missing if package not in QGIS_PACKAGES]
    for packages, options in ((qgis, release), (others, [])):
        if packages:
            run([*admin, "apt-get", "install", "-y", "-q", *options, *packages], env=env, what="apt-get install")
    if qgis_python() is None:
        raise Stop("QGIS was installed but its Python cannot import it. Install qgis 3.40 or newer and start again.")


def ensure_cluster(yes: bool) -> None:
    """Install what the tests of the cluster need, after asking; where that cannot be done they are skipped."""
    path = f"{os.environ.get('PATH', '')}:/usr/local/sbin:/usr/sbin:/sbin"
    missing = [package for program, package in _CLUSTER_PROGRAMS.items() if not shutil.which(program, path=path)]
    if not missing or os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    say(f"For the tests of the cluster apt would install: {', '.join(missing)}")
    if not ask("Install them now?", yes):
        return
    step("Installing packages of the operating system")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        run(["apt-get", "update", "-q"], env=env, what="apt-get update")
        run(["apt-get", "install", "-y", "-q", *missing], env=env, what="apt-get install")
    except Stop as problem:
        say(f"{problem} The tests that need these packages are skipped.")


def _needs_backports(missing: list[str]) -> bool:
    release = Path("/etc/os-release").read_text(encoding="utf-8")
    return "VERSION_CODENAME=bookworm" in release and "ID=debian" in release and "qgis" in missing


def _add_backports(admin: list[str]) -> None:
    """Add the suite bookworm-backports with the address that the machine's own sources name."""
    if _BACKPORTS.exists():
        return
    text = backports_source([
        file.read_text(encoding="utf-8")
        for file in [Path("/etc/apt/sources.list"), *sorted(Path("/etc/apt/sources.list.d").glob("*"))]
        if file.is_file()
    ])
    if text is None:
        raise Stop("The package sources name no address for Debian 12. Add bookworm-backports and start again.")
    scratch = Path("/tmp") / _BACKPORTS.name
    scratch.write_text(text, encoding="utf-8")
    run([*admin, "install", "-m", "644", scratch, _BACKPORTS], what="Adding bookworm-backports")
    scratch.unlink()


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
