"""``deepsoil fetch JOB FOLDER [--host NAME]``: copies the files of a job into a folder."""

from __future__ import annotations

import argparse
from pathlib import Path, PurePosixPath

from deepsoil.contract.errors import DeepSoilError
from deepsoil.service.local_jobs import add_host, jobs_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("job", help="the id of a job, or its first digits")
    parser.add_argument("folder", type=Path, help="where the files are to be; it is made if it does not exist")
    parser.add_argument("--replace", action="store_true", help="replace files of the same names in the folder")
    add_host(parser)


def run(args: argparse.Namespace) -> int:
    """The files are checked by size and SHA-256 where they come over a network; Ctrl+C keeps what has come."""
    from deepsoil.io import atomic
    from deepsoil.io.progress_line import progress_line

    with jobs_of(args.host) as jobs:
        files = jobs.files(jobs.find(args.job), progress_line())
    targets = {args.folder / PurePosixPath(file["name"]): Path(file["path"]) for file in files}
    if not args.replace and (there := next((target for target in targets if target.exists()), None)):
        raise DeepSoilError("file_exists", "The file {path} is there already.",
                            "Choose another folder, or add --replace.", path=there)
    for target, source in targets.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        atomic.copy(source, target)
        print(target)
    return 0
