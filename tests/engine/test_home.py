"""The data folder is one and the same for the engine and for the plugin, which may not import each other."""

from __future__ import annotations

import sys
from pathlib import Path

import deepsoil
import pytest
from deepsoil.home import home

sys.path.append(str(Path(deepsoil.__file__).parents[2] / "deepsoil_plugin"))
import installation


@pytest.mark.parametrize("variables", [
    {}, {"DEEPSOIL_HOME": "~/soil"}, {"DEEPSOIL_HOME": "soil"}, {"DEEPSOIL_HOME": "/data/soil"}, {"DEEPSOIL_HOME": ""},
    {"XDG_DATA_HOME": "/data"}, {"XDG_DATA_HOME": ""}, {"LOCALAPPDATA": ""}, {"LOCALAPPDATA": "/local"},
])
@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_the_engine_and_the_plugin_agree_on_the_data_folder(variables: dict[str, str], platform: str,
                                                            monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DEEPSOIL_HOME", "XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    folder = installation.default_home()
    assert folder == home()
    assert folder.is_absolute() and "~" not in str(folder)
