"""Datasets of HDF5 files as published: found by their path, checked against what their product documents.

``h5py`` belongs to an extra and is imported only when a file is read: plans of archives know the products without it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from deepsoil.contract.errors import DeepSoilError

if TYPE_CHECKING:
    import h5py


@contextmanager
def opened(path: Path, field: str) -> Iterator[h5py.File]:
    """The file, read-only. Raises ``source_invalid`` where it is not HDF5, or ends too early."""
    import h5py

    try:
        with h5py.File(path, "r") as file:
            yield file
    except (OSError, RuntimeError) as error:
        raise DeepSoilError("source_invalid", "{file} cannot be read as HDF5: {error}.",
                            "The download may have been cut off. Fetch the file again.", field,
                            file=path.name, error=error) from error


def dataset(file: h5py.File, name: str, path: Path, field: str) -> h5py.Dataset:
    """A dataset by its path in the file. Raises ``source_invalid`` with what there is instead."""
    import h5py

    found = file.get(name)
    if isinstance(found, h5py.Dataset):
        return found
    parent = name
    while parent and not isinstance(file.get(parent), h5py.Group):
        parent = parent.rpartition("/")[0]
    group = file[parent] if parent else file
    raise DeepSoilError("source_invalid", "{file} has no {name!r}.", "It is a file of another product or version; "
                        "{parent} holds: {names}.", field,
                        file=path.name, name=name, parent=parent or "it", names=", ".join(list(group)[:20]))


def attribute(data: h5py.Dataset, *names: str) -> Any:
    """The first of these attributes as text or a number; None where there is none."""
    for name in names:
        if name in data.attrs:
            value = np.asarray(data.attrs[name]).reshape(-1)[0]
            return value.decode() if isinstance(value, bytes) else value.item() if hasattr(value, "item") else value
    return None


def expect(data: h5py.Dataset, path: Path, field: str, **documented: float | str) -> None:
    """Raise ``source_invalid`` where an attribute of the file is not what its product documents (``scale_factor=0.1``).

    A missing attribute is not an error: not every version writes all of them.
    """
    for name, wanted in documented.items():
        found = attribute(data, name)
        same = found is None or (str(found) == wanted if isinstance(wanted, str)
                                 else np.isclose(float(found), wanted, rtol=1e-5))
        if not same:
            raise DeepSoilError("source_invalid", "{file}: {dataset} has {attribute} {found}, but {wanted} is "
                                "documented.", "It is a file of another version. Use one that this kind of source "
                                "knows, or the kind netcdf or raster, which say everything.", field,
                                file=path.name, dataset=data.name, attribute=name, found=found, wanted=wanted)
