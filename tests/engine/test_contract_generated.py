"""What is checked in of the contract is what would be generated; the plugin's part needs the standard library only."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

def test_what_is_checked_in_is_what_is_generated() -> None:
    """In a process of its own: other tests register kinds and import types, which the contract would then have."""
    done = subprocess.run([sys.executable, "-m", "tools.contract", "--check"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, f"run `python -m tools.contract --write` with the engine's Python: {done.stdout}"


def test_the_plugin_s_part_needs_the_standard_library_only() -> None:
    program = ("import sys; sys.path.insert(0, sys.argv[1]); before = {*sys.modules}; "
               "from deepsoil_plugin import contract, contract_check, contract_schema, contract_types; "
               "found = {name.partition('.')[0] for name in {*sys.modules} - before}; "
               "print(*sorted(found - {*sys.stdlib_module_names}))")
    done = subprocess.run([sys.executable, "-S", "-c", program, str(ROOT)], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["deepsoil_plugin"]


def test_the_contract_imports_nothing_of_the_engine_but_its_ground() -> None:
    allowed = ("deepsoil", "deepsoil.contract", "deepsoil.channels", "deepsoil.depths",
               "deepsoil.extensions", "deepsoil.grid", "deepsoil.io")
    program = ("import sys, pkgutil, importlib, deepsoil.contract as contract; "
               "names = [one.name for one in pkgutil.iter_modules(contract.__path__)]; "
               "[importlib.import_module(f'deepsoil.contract.{name}') for name in names]; "
               "print(*[name for name in sys.modules if name.partition('.')[0] == 'deepsoil'])")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert {name for name in loaded if not name.startswith(("deepsoil.contract", "deepsoil.io"))} <= set(allowed)
