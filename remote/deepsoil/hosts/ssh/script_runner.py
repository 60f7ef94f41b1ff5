"""Runs pieces of shell script on a host in one exchange; output of a login shell does not disturb the results."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from deepsoil.hosts.ssh.connection import Connection
from deepsoil.hosts.ssh.quoting import script


@dataclass(frozen=True)
class ScriptResult:
    """The output of a piece of script (stdout and stderr) and its exit code; None: it did not finish."""

    code: int | None
    text: str

    @property
    def ok(self) -> bool:
        return self.code == 0

    def value(self, name: str) -> str | None:
        """The rest of the line that begins with ``name`` and a blank."""
        found = re.search(rf"^{re.escape(name)} (.*)$", self.text, re.MULTILINE)
        return found[1] if found else None

    def values(self, name: str) -> list[str]:
        return re.findall(rf"^{re.escape(name)} (.*)$", self.text, re.MULTILINE)


MISSING = ScriptResult(None, "")


@dataclass(frozen=True)
class ScriptResults:
    """The results by name; ``noise``: output outside of them."""

    results: Mapping[str, ScriptResult]
    noise: str

    def __getitem__(self, name: str) -> ScriptResult:
        return self.results.get(name, MISSING)


def ask(connection: Connection, pieces: Mapping[str, str], *arguments: str, timeout_s: float = 60.0) -> ScriptResults:
    """Run pieces of POSIX script one after another, each in a separate shell, with ``arguments`` as $1, $2 …

    DeepSoilError ``connection_lost``, ``channel_refused`` if nothing was run.
    """
    token = f"@ds-{secrets.token_hex(8)}"
    text = "".join(f"printf '\\n{token} begin {name}\\n'\n(\n{piece}\n) 2>&1 </dev/null\n"
                   f"printf '\\n{token} end {name} %d\\n' \"$?\"\n" for name, piece in pieces.items())
    result = connection.run(script(text, *arguments), timeout_s=timeout_s)
    return parse(token, result.out.decode("utf-8", "replace"), result.err.decode("utf-8", "replace"))


def parse(token: str, out: str, err: str) -> ScriptResults:
    """The results in an output whose markers contain ``token``; an incomplete one has no code."""
    results: dict[str, ScriptResult] = {}
    noise: list[str] = []
    rest = out
    mark = re.compile(rf"\n?{re.escape(token)} begin (\w+)\n(.*?)(?:\n{re.escape(token)} end \1 (\d+)\n|\Z)", re.DOTALL)
    while found := mark.search(rest):
        noise.append(rest[:found.start()])
        results[found[1]] = ScriptResult(int(found[3]) if found[3] is not None else None, found[2])
        rest = rest[found.end():]
    noise += [rest, err]
    return ScriptResults(results, "\n".join(part.strip() for part in noise if part.strip()))
