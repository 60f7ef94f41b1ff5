"""``deepsoil logs JOB``."""

from __future__ import annotations

import argparse
import json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("job", help="the id of a job, or its first digits")


def run(args: argparse.Namespace) -> int:
    from deepsoil.contract.methods import LOG_PIECE_BYTES
    from deepsoil.service.local_jobs import find_job, open_jobs

    jobs = open_jobs()
    job, offset, more = find_job(jobs, args.job), 0, True
    while more:
        piece = jobs.logs(job, offset, LOG_PIECE_BYTES)
        offset, more = piece["next_offset"], piece["more"]
        for line in piece["text"].splitlines():
            entry = json.loads(line)
            print(f"{entry['time']}  {entry['level']:<7}  {entry['message']}")
    return 0
