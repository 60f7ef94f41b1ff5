"""``deepsoil serve``."""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Everything else comes over the pipe."""
    parser.add_argument("--alone", action="store_true",
                        help="speak for this computer only, not for the hosts it knows (for another engine)")


def run(args: argparse.Namespace) -> int:
    from deepsoil.home import home
    from deepsoil.service.server import serve

    return serve(home(), alone=args.alone)
