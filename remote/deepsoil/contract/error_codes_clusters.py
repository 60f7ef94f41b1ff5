"""The error codes of clusters of extents and of tuning: code → meaning, a part of the catalogue (`error_codes`)."""

from __future__ import annotations

CLUSTER_CODES: dict[str, str] = {
    "cluster_features_missing": "A region lacks a feature by which clusters of extents were made.",
    "cluster_too_small": "A cluster of extents has too few of them.",
    "clusters_invalid": "A file holds no valid clusters of extents.",
    "clusters_missing": "There are no clusters of extents where they were looked for.",
    "extents_alike": "No feature tells the extents of a region apart.",
    "no_extents": "A region has no extents to cluster.",
    "too_few_extents": "There are too few extents for so many clusters.",
    # ---- parts of a store ----
    "tile_elsewhere": "A tile is in another part of a store that was split.",
    "too_few_tiles": "There are too few tiles for so many parts.",
}
