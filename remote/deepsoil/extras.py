"""The packages that are installed only where they are wanted: which extra has them, and what to say without them."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from deepsoil.contract.errors import DeepSoilError

# As in pyproject.toml, by the names that are imported; scipy, pandas and the like come with the base.
EXTRAS: dict[str, tuple[str, ...]] = {
    "train": ("torch", "onnx"),
    "sources": ("xarray", "h5netcdf", "h5py", "pyet", "pyarrow", "requests", "truststore"),
    "hdf4": ("pyhdf",),
    "build": ("rosetta",),
}

# Searching takes a millisecond, and a thousand jobs may come at once; one that is missing may be installed meanwhile.
_found: set[str] = set()


def require(extra: str) -> None:
    """DeepSoilError ``extra_missing`` where a package of an extra is not installed; imports none of them."""
    for package in EXTRAS[extra]:
        if not _installed(package):
            raise _missing(package, extra)


def explained(error: BaseException) -> DeepSoilError | None:
    """The error for an import that failed for want of an extra, anywhere in the chain of causes; None for another."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ModuleNotFoundError):
            package = (cause.name or "").partition(".")[0]
            for extra, packages in EXTRAS.items():
                if package in packages:
                    return _missing(package, extra)
        cause = cause.__cause__ or cause.__context__
    return None


def source() -> Path | None:
    """The folder to install the engine from; None where it was not installed from its sources."""
    here = Path(__file__).resolve().parents[1]
    return here if (here / "pyproject.toml").is_file() else None


def _installed(package: str) -> bool:
    if package not in _found and _is_found(package):
        _found.add(package)
    return package in _found


def _is_found(package: str) -> bool:
    try:
        return find_spec(package) is not None
    except ModuleNotFoundError:
        return False


def _missing(package: str, extra: str) -> DeepSoilError:
    folder = source()
    if folder is not None:
        return DeepSoilError("extra_missing", "The package '{package}' is not installed. It belongs to the extra "
                             "'{extra}' of the engine.", "Install it with: pip install '{folder}[{extra}]'",
                             package=package, extra=extra, folder=folder)
    return DeepSoilError("extra_missing", "The package '{package}' is not installed. It belongs to the extra '{extra}' "
                         "of the engine.", "Install the engine with it from DeepSoil's source folder: "
                         "pip install './remote[{extra}]'",
                         package=package, extra=extra)
