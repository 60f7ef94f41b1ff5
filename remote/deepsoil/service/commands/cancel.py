"""``deepsoil cancel JOB [--host NAME]``."""

from __future__ import annotations

import argparse

from deepsoil.service.local_jobs import add_host, jobs_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("job", help="the id of a job, or its first digits")
    add_host(parser)


def run(args: argparse.Namespace) -> int:
    with jobs_of(args.host) as jobs:
        job = jobs.cancel(jobs.find(args.job))
    print(f"{job['id']}  {'asked to stop' if job['state'] == 'running' else job['state']}")
    return 0
