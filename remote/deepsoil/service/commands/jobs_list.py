"""``deepsoil list [--host NAME]``."""

from __future__ import annotations

import argparse
import json

from deepsoil.service.local_jobs import LocalJobs, add_host, jobs_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="whole summaries as JSON")
    add_host(parser)


def run(args: argparse.Namespace) -> int:
    from deepsoil.jobs.listing import job_folders, with_each
    from deepsoil.schedulers import registry
    from deepsoil.terminal import print_table

    with jobs_of(args.host) as jobs:
        if isinstance(jobs, LocalJobs):
            for _ in with_each(job_folders(jobs.path), lambda folder: registry.find(folder.scheduler).refresh(folder)):
                pass  # of the others the summary reports the damage
        summaries = jobs.everything()
    if args.json:
        print(json.dumps(summaries, indent=1, ensure_ascii=False))
        return 0
    if not summaries:
        print(f"No jobs in {jobs.path}" if isinstance(jobs, LocalJobs) else f"No jobs on {args.host}")
        return 0
    print_table(("id", "created", "kind", "state", "done", "name", "message"),
                [(job["id"][:8], job["created"][:16].replace("T", " "), job["kind"] or "?", job["state"],
                  f"{job['progress']:.0%}", job["name"][:32], job["message"][:80]) for job in summaries])
    return 0
