"""A real prediction, whose maps GDAL writes, on a real ext4 that fills at writes drawn by a fixed seed.

In a process of its own: one that has predicted before has threads that a fork of it does not have, and waits for them.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from deepsoil.jobs import runner
from inference_tools import DAY, built, make_context, new_job
from small_disk import Child, small_ext4

RUNS = 14
_ALONE = "DEEPSOIL_TEST_ALONE"


def test_a_disk_that_fills_in_a_prediction() -> None:
    test = f"{__file__}::{test_a_prediction_on_a_disk_that_fills_ends_with_the_true_reason.__name__}"
    done = subprocess.run([sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", test], check=False,
                          capture_output=True, text=True, env={**os.environ, _ALONE: "1"})
    print(done.stdout)
    if " skipped" in done.stdout:
        pytest.skip("a small ext4 needs root and a loop device")
    assert done.returncode == 0 and "1 passed" in done.stdout, done.stdout + done.stderr


@pytest.mark.skipif(_ALONE not in os.environ, reason="runs in a process of its own, by the test above")
def test_a_prediction_on_a_disk_that_fills_ends_with_the_true_reason(tmp_path: Path,
                                                                     tmp_path_factory: pytest.TempPathFactory,
                                                                     monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "_AGAIN_AFTER_S", 0.05)
    with small_ext4(tmp_path, megabytes=40, files=800) as disk:
        context = make_context(built(tmp_path_factory), disk.path / "home")
        dates = {"start": str(DAY), "end": str(DAY)}

        def run_one(number: int, left_kb: int) -> tuple[Child, str]:
            disk.free()
            folder = new_job(context, dates=dates)
            child = Child(disk, lambda: int(runner.run(folder, lambda: context).state != "succeeded"), number, left_kb,
                          tmp_path / "notes")
            assert child.ended(60), "the end of a failed job needs no space"
            status = folder.status()
            code = (status.reason or {}).get("code", "")
            assert status.state == "succeeded" or code == "disk_full", (child.writes[number - 1:number], status)
            recorded = {record["name"] for record in folder.output_records()}
            there = {path.name for path in folder.outputs_path.iterdir() if not path.name.startswith(".part-")}
            assert there == recorded, (child.writes[number - 1:number], there, recorded)
            return child, f"{status.state} ({code}) with {len(recorded)} maps"

        whole, outcome = run_one(0, 0)
        assert outcome == "succeeded () with 2 maps"
        count, draw = len(whole.writes), random.Random(7)
        rows = []
        for number in sorted(draw.sample(range(1, count + 1), min(RUNS, count))):
            left_kb = draw.choice((0, 4, 40, 1100))
            child, outcome = run_one(number, left_kb)
            rows.append(outcome)
            print(f"  {left_kb:>4} kB left at write {number:>2} of {count}: "
                  f"{child.writes[number - 1] if number <= len(child.writes) else '':<40} {outcome}")
        print("  total:", dict(Counter(rows)))
