"""What a failed installation means for a user. Standard library only."""

from __future__ import annotations

import re


class InstallError(Exception):
    """The engine's environment could not be made: what happened, what to do now, and pip's own words."""

    def __init__(self, message: str, hint: str, details: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.details = details


_CASES = (
    (r"DO NOT MATCH THE HASHES",
     "A package is not the one that was tested: its checksum differs.",
     "Nothing of it was installed. Try again; where it stays so, ask whoever runs your package server or proxy."),
    (r"CERTIFICATE_VERIFY_FAILED|SSLError|ssl module",
     "The package server's certificate was not accepted.",
     "A company proxy may inspect connections: ask its administrator for the certificate and set PIP_CERT to it."),
    (r"407|Proxy Authentication",
     "The proxy asks for a password.",
     "Set HTTPS_PROXY with user and password, then try again."),
    (r"name resolution|ConnectionError|Connection refused|timed out|getaddrinfo|NewConnectionError",
     "The package server could not be reached.",
     "Check the internet connection, then try again: nothing is lost."),
    (r"No space left",
     "The disk is full.",
     "Free at least 1.5 GB, then try again."),
    (r"Permission denied|WinError 5|Access is denied",
     "A file could not be written.",
     "Another program (an antivirus?) may hold it: close other QGIS windows, then try again."),
    (r"No matching distribution|Could not find a version",
     "A package does not exist for this Python or processor.",
     "Install Python 3.12, then try again; the details name the package."),
)


def advice(lines: list[str]) -> InstallError:
    """The error for pip's output."""
    text = "\n".join(lines[-60:])
    for pattern, message, hint in _CASES:
        if re.search(pattern, text):
            return InstallError(message, hint, text)
    return InstallError("The engine's packages could not be installed.",
                        "Please send the details to the developers.", text)
