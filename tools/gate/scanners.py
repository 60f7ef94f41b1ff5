"""Runs the site's scanners (Bandit, detect-secrets, flake8, flake8-qgis) over the unpacked zip, each by its command."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..console import Stop
from . import rules

# Published code that travels with the plugin; what is only a matter of style there is not ours.
EXTLIBS = "extlibs"
# QGS105 would have the plugin import iface; handed over, it can be replaced in a test.
QT_RULES, QT_LEFT_OUT = "QGS1,QGS3,QGS4", "QGS105"
_TIMEOUT_S = 300.0


@dataclass(frozen=True)
class Finding:
    """``rule`` of a scanner at a line of a file, which is named from the unpacked folder."""

    rule: str
    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.rule} {self.file}:{self.line} {self.text}"


def bandit(python: Path, folder: Path) -> list[Finding]:
    """With the site's rules and, as there, without any exclusion."""
    enabled = ",".join(sorted(rules.BANDIT_CRITICAL | rules.BANDIT_WARNING))
    # Rules that this release of Bandit no longer has (B109, B111, B303 …) would be an error.
    known = _output([python, "-m", "bandit", "--help"], folder)
    enabled = ",".join(rule for rule in enabled.split(",") if f"{rule}\t" in known)
    report = json.loads(_output([python, "-m", "bandit", "-r", ".", "-f", "json", "--quiet", "-t", enabled], folder))
    if report["errors"]:
        raise Stop(f"Bandit could not read: {report['errors']}")
    return [Finding(one["test_id"], _named(one["filename"]), one["line_number"], one["issue_text"])
            for one in report["results"]]


def secrets(python: Path, folder: Path) -> list[Finding]:
    report = json.loads(_output([python, "-m", "detect_secrets", "scan", "--all-files", "--no-verify",
                                 "--exclude-files", r"metadata\.txt", "."], folder))
    return [Finding("secret", _named(file), one["line_number"], one["type"])
            for file, ones in report["results"].items() for one in ones]


def flake8(python: Path, folder: Path) -> list[Finding]:
    """Errors that the site calls critical, and flake8-qgis's rules for our own code of the plugin, in one reading."""
    line = "%(code)s|%(path)s|%(row)d|%(text)s"
    said = _output([python, "-m", "flake8", "--isolated", f"--format={line}",
                    f"--max-line-length={rules.LINE_LENGTH}",
                    f"--select={','.join((*rules.FLAKE8_CRITICAL, QT_RULES))}", f"--extend-ignore={QT_LEFT_OUT}",
                    f"--per-file-ignores=*/{EXTLIBS}/*:{QT_RULES} */engine_source/*:{QT_RULES}", "."], folder)
    found = []
    for row in said.splitlines():
        rule, file, number, text = row.split("|", 3)
        found.append(Finding(rule, _named(file), int(number), text))
    return found


SCANNERS: dict[str, Callable[[Path, Path], list[Finding]]] = {
    "Bandit": bandit, "detect-secrets": secrets, "flake8": flake8}


def judged(findings: Sequence[Finding]) -> tuple[list[str], list[str]]:
    """What stops the zip, and what is only said: accepted warnings with their number and reason. Pure."""
    refused, counts = [], Counter[tuple[str, bool]]()
    for one in findings:
        bundled = EXTLIBS in Path(one.file).parts
        if one.rule in (rules.ACCEPTED_BUNDLED if bundled else rules.ACCEPTED):
            counts[one.rule, bundled] += 1
        else:
            refused.append(str(one))
    said = [f"{rule}{' (bundled)' if bundled else ''}: {number}, "
            f"{(rules.ACCEPTED_BUNDLED if bundled else rules.ACCEPTED)[rule]}"
            for (rule, bundled), number in sorted(counts.items())]
    return refused, said


def _output(command: Sequence[str | Path], folder: Path) -> str:
    """What a scanner prints; they end with 1 where they found something."""
    try:
        done = subprocess.run([str(word) for word in command], cwd=folder, capture_output=True, text=True,
                              encoding="utf-8", timeout=_TIMEOUT_S, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Stop(f"{command[2]} could not be run: {error}.") from error
    if done.returncode not in (0, 1) or "No module named" in done.stderr:
        raise Stop(f"{command[2]} failed:\n{done.stderr.strip()}")
    return done.stdout


def _named(file: str) -> str:
    return file.removeprefix("./")
