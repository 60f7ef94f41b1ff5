"""``deepsoil cancel JOB``."""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("job", help="the id of a job, or its first digits")


def run(args: argparse.Namespace) -> int:
    from deepsoil.service.local_jobs import find_job, open_jobs

    jobs = open_jobs()
    job = jobs.cancel(find_job(jobs, args.job))
    print(f"{job['id']}  {'asked to stop' if job['state'] == 'running' else job['state']}")
    return 0
