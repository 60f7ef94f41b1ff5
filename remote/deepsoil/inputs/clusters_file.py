"""Reads clusters of extents from the file of `deepsoil clusters`, or from a model that was trained for one."""

from __future__ import annotations

from pathlib import Path

from deepsoil.contract.clusters import Clusters
from deepsoil.contract.errors import DeepSoilError
from deepsoil.io import json_files


def read_clusters(path: Path) -> Clusters:
    """Clusters of a JSON file or of a model file. DeepSoilError ``clusters_missing``, ``clusters_invalid`` or of the
    model."""
    if path.suffix == ".onnx":
        from deepsoil.networks.model_file import read_contract

        part = read_contract(path).cluster
        if part is None:
            raise DeepSoilError("clusters_missing", "The model {path} was trained for no cluster.",
                                "Name the model of a cluster, or a file of clusters.", "clusters", path=path)
        return part.clusters
    try:
        document = json_files.read(path)
    except FileNotFoundError as error:
        raise DeepSoilError("clusters_missing", "There are no clusters in {path}.",
                            "Make them with `deepsoil clusters REGION FILE.json`.", "clusters", path=path) from error
    except (OSError, ValueError) as error:
        raise DeepSoilError("clusters_invalid", "{source} holds no valid clusters: {where}: {detail}.",
                            "Make it again with `deepsoil clusters`, or name another file.", "clusters",
                            source=path, where="file", detail=str(error)[:200]) from error
    return Clusters.from_document(document, str(path))
