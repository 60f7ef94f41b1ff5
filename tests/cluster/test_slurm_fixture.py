"""The test cluster itself: it runs arrays, loses nodes, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from guardian import members
from slurm_cluster import SlurmCluster, until


def test_an_array_runs_on_all_nodes_and_a_dead_node_fails_its_task(slurm: SlurmCluster, tmp_path: Path) -> None:
    script = "#!/bin/sh\necho $SLURMD_NODENAME > " + str(tmp_path) + "/$SLURM_ARRAY_TASK_ID\nexec sleep 300\n"
    sent = slurm.run("sbatch", "--parsable", "--array=0-18", "--exclusive", "--no-requeue", "--output=/dev/null",
                     text=script)
    assert sent.returncode == 0, sent.stderr
    until(lambda: len([path for path in tmp_path.iterdir() if path.read_text()]) == 19)
    nodes = {path.name: path.read_text().strip() for path in tmp_path.iterdir()}
    assert sorted(nodes.values()) == slurm.nodes
    keepers = slurm.steps_of(nodes["3"])
    assert keepers
    slurm.kill_node(nodes["3"])
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in keepers))
    failed = until(lambda: slurm.run("squeue", "-h", "-r", "-t", "NODE_FAIL", "-o", "%K").stdout.split())
    assert failed == ["3"]


def test_a_cluster_whose_owner_is_killed_ends(slurm: SlurmCluster) -> None:
    program = ("import sys; sys.path.insert(0, sys.argv[1]); from slurm_cluster import SlurmCluster, until\n"
               "c = SlurmCluster(2).start(); c.run('sbatch', '--output=/dev/null', '--wrap=sleep 600')\n"
               "keeper, *_ = until(lambda: c.steps_of('n01') + c.steps_of('n02'))\n"
               "print(c.folder, c.name, keeper, flush=True); c.run('sleep', '600', limit_s=700)")
    owner = subprocess.Popen([sys.executable, "-c", program, str(Path(__file__).parent)], stdout=subprocess.PIPE,
                             text=True, start_new_session=True)
    assert owner.stdout is not None
    folder, name, keeper = owner.stdout.readline().split()
    assert len(members(folder, name)) >= 4
    os.killpg(owner.pid, signal.SIGKILL)
    owner.wait()
    owner.stdout.close()
    until(lambda: not any((members(folder, name), Path(folder).exists(), Path(f"/proc/{keeper}").exists())))
