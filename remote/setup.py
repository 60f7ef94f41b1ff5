"""Takes the version from the plugin's ``metadata.txt``; everything else is in ``pyproject.toml``."""

from configparser import ConfigParser
from pathlib import Path

from setuptools import setup


def version() -> str:
    """From the packaged plugin's copy beside this file, else from the checkout."""
    here = Path(__file__).resolve().parent
    for folder in (here, here.parent):
        if (folder / "metadata.txt").is_file():
            metadata = ConfigParser(interpolation=None)
            metadata.read(folder / "metadata.txt", encoding="utf-8")
            return metadata["general"]["version"]
    raise SystemExit("metadata.txt, which holds the version, is neither beside setup.py nor one folder above.")


setup(version=version())
