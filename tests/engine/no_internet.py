"""A process that cannot open a connection: whoever tries dies at once. Run as ``python no_internet.py COMMAND …``.

The kernel ends the process (seccomp) when it, a library of it or a child of it asks for an internet socket, even where
nobody would have noticed the failure. Linux on x86-64 and ARM only.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys

_SOCKET = {"x86_64": 41, "aarch64": 198}
_ALLOW, _KILL_PROCESS = 0x7FFF0000, 0x80000000
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06
AF_INET, AF_INET6 = 2, 10


def supported() -> bool:
    return sys.platform == "linux" and platform.machine() in _SOCKET


def forbid() -> None:
    """From now on an internet socket ends the process with SIGSYS; also in its children."""
    program = [(_LOAD, 0, 0, 0),                                        # the number of the system call
               (_EQUAL, 0, 3, _SOCKET[platform.machine()]),
               (_LOAD, 0, 0, 16),                                       # its first argument: the family
               (_EQUAL, 2, 0, AF_INET), (_EQUAL, 1, 0, AF_INET6),
               (_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _KILL_PROCESS)]
    # The jump over the family leads to "allow" (three instructions on).
    code = b"".join(struct.pack("HBBI", *one) for one in program)
    held = ctypes.create_string_buffer(code)
    head = struct.pack("HP", len(program), ctypes.addressof(held))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, head, 0, 0):  # no new privileges; filter
        raise OSError(ctypes.get_errno(), "no seccomp filter")


if __name__ == "__main__":
    forbid()
    os.execv(sys.argv[1], sys.argv[1:])
