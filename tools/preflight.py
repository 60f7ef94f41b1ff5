"""Looks for what is missing before anything long begins: system packages, a Python, disk space, Python packages."""

from __future__ import annotations

import shutil

from deepsoil_plugin.engine import environment
from deepsoil_plugin.engine.pip_advice import InstallError

from . import environments, system, vendored
from .console import BUILD, Stop, ask, say, step

# With the sample region; the tests' environment has torch in it.
_RUN_BYTES = 3_000_000_000
_TEST_BYTES = 6_000_000_000


def check(yes: bool, *, testing: bool = False, qgis: bool = False, screen: bool = False, cluster: bool = False) -> None:
    """Install the packages of the system that are missing, after saying what and asking once.

    ``screen``: a QGIS on a virtual screen; ``cluster``: a Slurm and an sshd for tests and benchmarks, which are skipped
    where these cannot be had. Stop, with everything that is in the way, where the rest cannot be done here.
    """
    step("What this machine has")
    packages = system.missing_packages(qgis=qgis, screen=screen)
    optional = system.missing_cluster_packages() if cluster else []
    admin = system.administrator()
    can_install = admin is not None and shutil.which("apt-get") is not None
    problems = _unsolvable(testing, venv_comes="python3-venv" in packages)
    if packages and not can_install:
        problems.append(f"Missing: {', '.join(packages)}. Install them (QGIS 3.40 or newer) with your administrator's "
                        "help; it takes apt and root or sudo to do it from here.")
    if problems:
        raise Stop("\n".join(problems))
    if optional and (admin != [] or not can_install):
        say(f"   Slurm or sshd is not complete here ({', '.join(optional)}) and only root can install it: what needs "
            "them is skipped.")
        optional = []
    if packages or optional:
        _install(packages, optional, admin or [], yes)
    if qgis:
        vendored.fetch()


def _unsolvable(testing: bool, venv_comes: bool) -> list[str]:
    """What keeps us from going on and what the user can do about it, one line each."""
    problems = []
    try:
        environment.find_base_python()
    except InstallError as error:
        if not venv_comes:
            problems.append(f"{error.message} {error.hint}")
    if not environments.is_complete(testing=testing):
        BUILD.mkdir(exist_ok=True)
        needed, free = _TEST_BYTES if testing else _RUN_BYTES, shutil.disk_usage(BUILD).free
        if free < needed:
            problems.append(f"Only {free / 1e9:.1f} GB are free in {BUILD}; this needs {needed / 1e9:.0f} GB. "
                            "Free some space and start again.")
    return problems


def _install(packages: list[str], optional: list[str], admin: list[str], yes: bool) -> None:
    say(f"   To be installed by apt: {', '.join([*packages, *optional])}")
    if system.needs_backports(packages):
        say("   QGIS comes from bookworm-backports, which is added to the package sources.")
    if not ask("   Install them now?", yes):
        if packages:
            raise Stop("Nothing was installed. Install the packages yourself and start again.")
        say("   What needs them is skipped.")
        return
    if packages:
        system.install(packages, admin)
    if optional:
        try:
            system.install(optional, admin)
        except Stop as problem:
            say(f"{problem}\n   What needs these packages is skipped.")
