"""Drives a real QGIS from outside: a virtual screen, a window manager, and xdotool's mouse and keyboard.

A test and the run without a screen act through the same events as a person's mouse and keyboard; the probe inside QGIS
is only asked where things are and what can be seen.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

PROBE = Path(__file__).with_name("probe.py")
SCREEN = (1366, 900)
_TITLE_BAR = 24
_TIMEOUT_S = 90.0


class NotSeen(AssertionError):
    """What was waited for did not appear on the screen."""


@contextlib.contextmanager
def virtual_screen(size: tuple[int, int] = SCREEN) -> Iterator[str]:
    """An Xvfb display with a window manager; yields its name, e.g. ``:99``.

    At 96 dpi Qt's positions are the screen's pixels.
    """
    read_end, write_end = os.pipe()
    server = subprocess.Popen(["Xvfb", "-displayfd", str(write_end), "-screen", "0", f"{size[0]}x{size[1]}x24",
                               "-dpi", "96", "-nolisten", "tcp"], pass_fds=[write_end], stderr=subprocess.DEVNULL)
    os.close(write_end)
    manager = None
    try:
        with os.fdopen(read_end) as numbers:
            display = f":{numbers.readline().strip()}"
        manager = subprocess.Popen(["openbox"], env={**os.environ, "DISPLAY": display},
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        yield display
    finally:
        for process in (manager, server):
            if process:
                process.terminate()
                process.wait()


class Desktop:
    """One QGIS window. ``variables`` reach QGIS and with it the engine.

    ``scale``: 2 for a screen of 200 %. ``size`` and all positions are in Qt's own pixels, of which such a screen has
    twice as many in a row.
    """

    def __init__(self, display: str, profiles: Path, project: Path | None, variables: Mapping[str, str],
                 size: tuple[int, int] = SCREEN, scale: int = 1) -> None:
        self.size, self._scale = size, scale
        self._scratch = Path(tempfile.mkdtemp(prefix="deepsoil-desktop-"))
        self.log = self._scratch / "qgis.log"
        port_file = self._scratch / "port"
        # Accessibility buses only cost time on a virtual screen. QGIS's embedded Python takes its prefix from the
        # first python3 on the PATH, which must be the system's own.
        self._env = {
            **variables, "PATH": f"/usr/bin:{variables.get('PATH', '')}", "DISPLAY": display, "QT_QPA_PLATFORM": "xcb",
            "NO_AT_BRIDGE": "1", "DEEPSOIL_PROBE": str(port_file), "QT_SCALE_FACTOR": str(scale),
        }
        command = ["qgis", "--nologo", "--noversioncheck", "--profiles-path", str(profiles), "--code", str(PROBE)]
        command += [str(project)] if project else []
        started = time.time()
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, env=self._env, stdout=log, stderr=log, start_new_session=True)
        try:
            self.wait(port_file.exists, "QGIS and its probe")
        except NotSeen:
            self.close()
            raise
        # The file's own time: when we noticed it is up to a tenth of a second later.
        self.start_s = port_file.stat().st_mtime - started
        self._socket = socket.create_connection(("127.0.0.1", int(port_file.read_text())), timeout=60)
        self._lines = self._socket.makefile("rb")
        self._xdotool("mousemove", *self._at(5, 5))
        self._fill_screen()

    def ask(self, question: str, **details: Any) -> Any:
        """What the probe answers."""
        self._socket.sendall((json.dumps({"ask": question, **details}) + "\n").encode())
        answer = json.loads(self._lines.readline() or b"null")
        if isinstance(answer, dict) and "error" in answer:
            raise RuntimeError(f"probe: {question} {details}: {answer['error']}")
        return answer

    def wait(self, condition: Callable[[], Any], what: str, timeout_s: float = _TIMEOUT_S) -> Any:
        """Wait until ``condition`` is true and return its value. NotSeen, with the end of QGIS's log, otherwise."""
        end = time.monotonic() + timeout_s
        while time.monotonic() < end:
            if value := condition():
                return value
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise NotSeen(f"{what} did not appear within {timeout_s:.0f} s. The end of QGIS's log:\n{self.end_of_log()}")

    def end_of_log(self) -> str:
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-25:])

    def widget(self, name: str, timeout_s: float = _TIMEOUT_S) -> dict[str, Any]:
        return dict(self.wait(lambda: self.ask("widget", name=name), f"widget {name}", timeout_s))

    def wait_enabled(self, name: str, timeout_s: float = _TIMEOUT_S) -> dict[str, Any]:
        return dict(self.wait(lambda: (found := self.ask("widget", name=name)) and found["enabled"] and found,
                              f"{name} to be enabled", timeout_s))

    def click(self, name: str, button: int = 1) -> None:
        """A click in the middle of a widget."""
        self.click_on(self.widget(name), button)

    def click_left_edge(self, name: str) -> None:
        """A click on a check box's mark: the middle of a wide one may be empty."""
        box = self.widget(name)
        self.click_at(box["x"] + 9, box["y"] + box["height"] // 2)

    def click_on(self, box: Mapping[str, Any], button: int = 1) -> None:
        self.click_at(box["x"] + box["width"] // 2, box["y"] + box["height"] // 2, button)

    def click_at(self, x: int, y: int, button: int = 1, repeat: int = 1) -> None:
        self._xdotool("mousemove", *self._at(x, y))
        time.sleep(0.05)
        self._xdotool("click", "--repeat", str(repeat), "--delay", "60", str(button))
        time.sleep(0.1)

    def drag(self, start: Sequence[int], end: Sequence[int]) -> None:
        self._xdotool("mousemove", *self._at(start[0], start[1]), "mousedown", "1")
        for step in range(1, 9):
            x, y = (round(a + (b - a) * step / 8) for a, b in zip(start, end, strict=True))
            self._xdotool("mousemove", *self._at(x, y))
            time.sleep(0.03)
        self._xdotool("mouseup", "1")

    def move(self, x: int, y: int) -> None:
        self._xdotool("mousemove", *self._at(x, y))
        time.sleep(0.05)

    def key(self, *keys: str) -> None:
        self._xdotool("key", "--delay", "40", *keys)
        time.sleep(0.1)

    def type(self, text: str) -> None:
        self._xdotool("type", "--delay", "15", text)
        time.sleep(0.1)

    def replace_text(self, name: str, text: str) -> None:
        """Click into a field, select its text and type over it."""
        self.click(name)
        self.key("ctrl+a")
        self.type(text)
        self.key("Tab")

    def on_canvas(self, longitude: float, latitude: float) -> tuple[int, int]:
        """Where a place on the map is on the screen."""
        point = self.ask("canvas", longitude=longitude, latitude=latitude)
        return point["x"], point["y"]

    def drawn(self, timeout_s: float = 30.0) -> None:
        """Wait until the map canvas has finished drawing."""
        time.sleep(0.4)
        self.wait(lambda: not self.ask("canvas", longitude=0.0, latitude=0.0)["drawing"], "the drawn map", timeout_s)

    def screenshot(self, path: Path) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.ask("screenshot", path=str(path))
        return path

    def quit(self, timeout_s: float = 30.0) -> None:
        """Leave QGIS as a user does; an offer to save the project is declined."""
        self.key("Escape")
        self.key("ctrl+q")
        end = time.monotonic() + timeout_s
        while self.process.poll() is None and time.monotonic() < end:
            try:
                if button := self.ask("button", text="Discard") or self.ask("button", text="Don't Save"):
                    self.click_on(button)
            except (OSError, ValueError, TypeError):
                break
            time.sleep(0.3)
        self.close()

    def close(self) -> None:
        """End QGIS whatever it does."""
        for word in (signal.SIGTERM, signal.SIGKILL):
            if self.process.poll() is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self.process.pid, word)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self.process.wait(10)
        with contextlib.suppress(AttributeError):
            self._socket.close()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def __enter__(self) -> Desktop:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _fill_screen(self) -> None:
        """Make the main window as large as the screen; it may take a while to appear, and to obey."""
        wanted = self.size[1] - _TITLE_BAR

        def filled() -> bool:
            window = self.ask("main_window")
            if window["visible"] and window["width"] >= self.size[0] - 10 and window["height"] >= wanted - 10:
                return True
            found = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", "QGIS"], env=self._env,
                                   capture_output=True, text=True, check=False).stdout.split()
            for number in found:
                self._xdotool("windowsize", number, *self._at(self.size[0], wanted))
                self._xdotool("windowmove", number, "0", "0")
            time.sleep(0.5)
            return False

        self.wait(filled, "QGIS's window in full size")

    def _at(self, x: int, y: int) -> tuple[str, str]:
        """Qt's position or size in the screen's own pixels."""
        return str(x * self._scale), str(y * self._scale)

    def _xdotool(self, *words: str) -> None:
        subprocess.run(["xdotool", *words], env=self._env, check=False, capture_output=True, timeout=20)
