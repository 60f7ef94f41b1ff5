"""``deepsoil serve``."""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None: everything comes over the pipe."""


def run(args: argparse.Namespace) -> int:
    from deepsoil.home import home
    from deepsoil.service.server import serve

    return serve(home())
