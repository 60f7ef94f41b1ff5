"""A Debian in a folder below ``build/platforms``, made by debootstrap; programs run in it with a view of their own.

The address of the packages is the one of this machine's own package sources, read when the system is made. Needs root.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .. import environments, system
from ..console import BUILD, LOGS, ROOT, Stop, output_of, run_logged, step
from . import checkout

_FOLDER = BUILD / "platforms"
_INSIDE = Path("/root/deepsoil")
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_CLUSTER = ("slurmctld", "slurmd", "slurm-client", "slurmdbd", "mariadb-server", "munge", "openssh-server",
            "openssh-client", "iproute2", "procps", "psmisc")
_ALWAYS = ("python3", "python3-venv", "python3-pip", "ca-certificates", "git")
_DESKTOP = (*system.QGIS_PACKAGES, "xvfb", "xdotool", "openbox", "fonts-open-sans")
# Settings of pip and certificates of this machine, so that packages are fetched there as here.
_SETTINGS = ("/etc/pip.conf", "/etc/xdg/pip", "/root/.config/pip", "/etc/ssl/certs/ca-certificates.crt",
             "/etc/resolv.conf", "/etc/hosts")
# Mounts that last as long as the program: neither another program nor a later run sees them. A copy of this checkout,
# the third word, lies over the folder inside, whose ``build`` all copies share.
_ENTER = """set -e
for name in $2; do mkdir -p "$1$name"; mount --bind "$name" "$1$name"; done
if [ "$3" ]; then
    mkdir -p "$1{inside}/build" "$3/build"
    mount --bind "$1{inside}/build" "$3/build"; mount --rbind "$3" "$1{inside}"
fi
mount -t proc proc "$1/proc"; mount --rbind /dev "$1/dev"; mount --rbind /sys "$1/sys"; mount -t tmpfs tmpfs "$1/run"
root=$1; shift 3
exec chroot "$root" env HOME=/root PATH={path} LANG=C.UTF-8 CI=true "$@"
""".replace("{path}", _PATH).replace("{inside}", str(_INSIDE))


@dataclass(frozen=True)
class Debian:
    """``suite`` with its backports or without; ``parts`` of the tests that run there."""

    suite: str
    title: str
    parts: tuple[str, ...]
    backports: bool = False

    @property
    def root(self) -> Path:
        return _FOLDER / self.suite

    @property
    def desktop(self) -> bool:
        return bool({"plugin", "system"} & set(self.parts))


def ready() -> None:
    """Install debootstrap. Stop where this user cannot become root, or this is no Debian."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Stop("The tests on other platforms make whole systems in folders: that takes root and apt.")
    if not shutil.which("debootstrap", path=_PATH):
        system.install(["debootstrap"], [])


def make(debian: Debian) -> None:
    """The system with its packages; one that was finished is kept."""
    address = system.archive_address(system.package_sources())
    if address is None:
        raise Stop("The package sources of this machine name no archive of Debian.")
    log = f"platform-{debian.suite}"
    done = debian.root / "complete.txt"
    if not done.is_file():
        step(f"Making {debian.title} in {debian.root.relative_to(ROOT)}")
        shutil.rmtree(debian.root, ignore_errors=True)
        debian.root.mkdir(parents=True)
        # A release that debootstrap does not know yet is made as the newest one.
        scripts = Path("/usr/share/debootstrap/scripts")
        script = [] if (scripts / debian.suite).exists() else [scripts / "sid"]
        run_logged(["debootstrap", "--variant=minbase", debian.suite, debian.root, address, *script], log,
                   what="debootstrap")
        suites = f"{debian.suite} {debian.suite}-backports" if debian.backports else debian.suite
        (debian.root / "etc/apt/sources.list").unlink(missing_ok=True)
        (debian.root / "etc/apt/sources.list.d/debian.sources").write_text(
            # A mirror may keep a list longer than its date says: the signature is checked all the same.
            f"Types: deb\nURIs: {address}\nSuites: {suites}\nComponents: main\nCheck-Valid-Until: no\n",
            encoding="utf-8")
        # No service of the system starts: the tests start their own.
        policy = debian.root / "usr/sbin/policy-rc.d"
        policy.write_text("#!/bin/sh\nexit 101\n", encoding="utf-8")
        policy.chmod(0o755)
        _copy_settings(debian.root)
        packages = [*_ALWAYS, *(_CLUSTER if "cluster" in debian.parts else ())]
        run_logged(_inside(debian, ["apt-get", "update", "-q"]), log, what="apt-get update")
        for names, options in ((packages, []), (_DESKTOP if debian.desktop else (),
                                                ["-t", f"{debian.suite}-backports"] if debian.backports else [])):
            if names:
                run_logged(_inside(debian, [*system.APT_INSTALL, "--no-install-recommends", *options, *names]),
                           log, what="apt-get install", reader=system.apt_progress)
        done.write_text(debian.title, encoding="utf-8")
    _copy_settings(debian.root)


def run(debian: Debian, file: str, state: str) -> tuple[list[str], int]:
    """Run a file of tests of this checkout there, whose ``state`` is `checkout.state`'s; its output and exit code."""
    copy = checkout.copy(debian.root / "root" / "checkouts", state)
    command = _inside(debian, ["sh", "-c", f"cd {_INSIDE} && exec python3 build.py test {file} --yes --serial"], copy)
    log = LOGS / f"platform-{debian.suite}-{Path(file).parent.name}-{Path(file).stem}.log"
    with log.open("w", encoding="utf-8") as output:
        code = subprocess.run(command, stdout=output, stderr=subprocess.STDOUT, check=False).returncode
    return log.read_text(encoding="utf-8", errors="replace").splitlines(), code


def versions(debian: Debian) -> str:
    """QGIS, Python and Slurm there, as far as they are installed."""
    asked = {
        "QGIS": ["python3", "-c", "from qgis.core import Qgis; print(Qgis.QGIS_VERSION)"],
        "Python": ["python3", "-c", "import platform; print(platform.python_version())"],
        "Slurm": ["slurmctld", "-V"]}
    said = {name: output_of(_inside(debian, command)) for name, command in asked.items()}
    return ", ".join(f"{name} {answer.split()[-1]}" for name, answer in said.items() if answer)


def _inside(debian: Debian, command: Sequence[str], copy: Path | None = None) -> list[str]:
    """The command as one that runs in the system, with this copy of the checkout."""
    shared = [str(folder) for folder in _wheel_folders()]
    return ["unshare", "--mount", "--propagation", "private", "sh", "-c", _ENTER, "sh", str(debian.root),
            " ".join(shared), str(copy or ""), *(["env", "DEBIAN_FRONTEND=noninteractive"]), *command]


def _wheel_folders() -> list[Path]:
    """Folders of this machine in which its pip looks for packages."""
    settings = output_of([environments.python_with_pip(), "-m", "pip", "config", "list"]) or ""
    words = [word.strip("'\"").removeprefix("file://") for word in settings.replace("=", " ").split()]
    top = {Path("/", *Path(word).parts[1:3]) for word in words if word.startswith("/opt/")}
    return sorted(folder for folder in top if folder.is_dir())


def _copy_settings(root: Path) -> None:
    for name in _SETTINGS:
        source, target = Path(name), root / name.lstrip("/")
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True)
        elif source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.unlink(missing_ok=True)
            shutil.copy(source, target)
