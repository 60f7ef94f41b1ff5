"""The shell script that runs the engine on a node; the same for every scheduler that sends signals to it. Pure."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from deepsoil.schedulers.array.backend import Node


def shell_script(node: Node, command: Sequence[str], before: str = "", index: str = "") -> str:
    """A POSIX shell script that runs ``deepsoil COMMAND``; LF, every word quoted.

    SIGUSR2 and SIGTERM, which schedulers send to the shell alone, are passed on; the shell waits for the end all the
    same. ``before``: lines at the beginning; ``index``: a shell expression for ``--index``.
    """
    words = shlex.join([node.python, "-P", "-m", "deepsoil", *command]) + (f" --index {index}" if index else "")
    exports = "".join(f"export {name}={shlex.quote(value)}\n" for name, value in sorted(node.variables.items()))
    return f"""#!/bin/sh
{before}{exports}cd {shlex.quote(str(node.job))} || exit 66
child= early=
trap 'early=USR2; [ -z "$child" ] || kill -USR2 "$child" 2>/dev/null' USR2
trap 'early=TERM; [ -z "$child" ] || kill -TERM "$child" 2>/dev/null' TERM
{words} &
child=$!
[ -z "$early" ] || kill -"$early" "$child"
while :; do
  wait "$child"
  code=$?
  kill -0 "$child" 2>/dev/null || exit "$code"
done
"""
