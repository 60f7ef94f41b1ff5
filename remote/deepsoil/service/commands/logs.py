"""``deepsoil logs JOB [--host NAME]``."""

from __future__ import annotations

import argparse

from deepsoil.service.local_jobs import add_host, jobs_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("job", help="the id of a job, or its first digits")
    add_host(parser)


def run(args: argparse.Namespace) -> int:
    from deepsoil.contract import json_text
    from deepsoil.contract.methods import LOG_PIECE_BYTES
    with jobs_of(args.host) as jobs:
        job, offset, more = jobs.find(args.job), 0, True
        while more:
            piece = jobs.logs(job, offset, LOG_PIECE_BYTES)
            offset, more = piece["next_offset"], piece["more"]
            for line in piece["text"].splitlines():
                try:
                    entry = json_text.parse(line)
                    print(f"{entry['time']}  {entry['level']!s:<7}  {entry['message']}")
                except (ValueError, LookupError, TypeError):
                    print(line)  # it is damaged
    return 0
