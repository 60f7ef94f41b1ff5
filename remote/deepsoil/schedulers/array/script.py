"""The shell script that runs the engine on a node; the same for every scheduler that sends signals to it. Pure."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from deepsoil.schedulers.array.backend import Node

_KILLED = 128 + 9  # a shell's exit code for a process that SIGKILL ended


def shell_script(node: Node, command: Sequence[str], before: str = "", warning: str = "USR2") -> str:
    """A POSIX shell script that runs ``deepsoil COMMAND``; LF, every word quoted.

    Schedulers send signals to the shell alone. ``warning``, the one before the time limit, is passed on as SIGUSR2,
    SIGTERM unchanged; the shell still waits for the end. A process that was killed cannot say why: the command is
    called again with ``--killed`` to record it. ``before``: lines at the beginning.
    """
    words = shlex.join([node.python, "-P", "-m", "deepsoil", *command])
    exports = "".join(f"export {name}={shlex.quote(value)}\n" for name, value in sorted(node.variables.items()))
    return f"""#!/bin/sh
{before}{exports}cd {shlex.quote(str(node.job))} || exit 66
child= early=
trap 'early=USR2; [ -z "$child" ] || kill -USR2 "$child" 2>/dev/null' {warning}
trap 'early=TERM; [ -z "$child" ] || kill -TERM "$child" 2>/dev/null' TERM
{words} &
child=$!
[ -z "$early" ] || kill -"$early" "$child"
while :; do
  wait "$child"
  code=$?
  kill -0 "$child" 2>/dev/null || break
done
[ "$code" -ne {_KILLED} ] || {words} --killed
exit "$code"
"""
