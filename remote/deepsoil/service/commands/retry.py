"""``deepsoil retry JOB [--host NAME]``."""

from __future__ import annotations

import argparse
import secrets

from deepsoil.service.local_jobs import add_host, jobs_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("job", help="the id of a job, or its first digits")
    add_host(parser)


def run(args: argparse.Namespace) -> int:
    with jobs_of(args.host) as jobs:
        job = jobs.retry(jobs.find(args.job), secrets.token_hex(16))
    print(f"{job['id']}  {job['state']}  {job['folder'] or job['message']}")
    return 0
