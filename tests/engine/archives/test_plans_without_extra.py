"""What would be fetched is told without the packages that fetch and read it: some are not installed, pandas is slow."""

from __future__ import annotations

import subprocess
import sys

_PLANS = """
import sys
for name in ("xarray", "h5netcdf", "h5py", "pyet", "requests", "truststore", "pyarrow", "pandas"):
    sys.modules[name] = None
from datetime import date
from deepsoil.archives import registry
from deepsoil.archives.archive import Ask
from deepsoil.contract.errors import DeepSoilError
from shapely.geometry import box
day = date(2026, 11, 30)
ask = Ask(box(-96.60, 39.08, -96.58, 39.10), (-96.62, 39.06, -96.55, 39.12), date(2023, 1, 1), day, day)
for name, one in registry.ARCHIVES.items():
    try:
        print(f"{name}={len(one.plan(ask))}")
    except DeepSoilError as error:  # such as one that ended in 2025
        print(f"{name}={error.code}")
"""


def test_every_archive_plans_without_the_extra_packages() -> None:
    done = subprocess.run([sys.executable, "-P", "-c", _PLANS], capture_output=True, text=True, timeout=120,
                          check=False)
    assert done.returncode == 0, done.stderr
    plans = dict(one.split("=") for one in done.stdout.split())
    assert int(plans["gridmet"]) > 0 and int(plans["nws"]) == 1 and len(plans) > 15
    assert set(plans.values()) - {"archive_no_days"} == {one for one in plans.values() if one.isdigit()}, plans
