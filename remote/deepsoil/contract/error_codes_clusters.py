"""The error codes of clusters of extents and of tuning: code → meaning, a part of the catalogue (`error_codes`)."""

from __future__ import annotations

CLUSTER_CODES: dict[str, str] = {
    "cluster_features_missing": "A region lacks a feature by which clusters of extents were made.",
    "cluster_far": "A map shows tiles that are unlike all that the networks of its clusters were trained on.",
    "cluster_model_missing": "Of the models of several clusters one is not there.",
    "cluster_models_differ": "Models of clusters do not belong together.",
    "cluster_too_small": "A cluster of extents has too few of them.",
    "cluster_without_stations": "No station of a region is in a cluster.",
    "clusters_invalid": "A file holds no valid clusters of extents.",
    "clusters_missing": "There are no clusters of extents where they were looked for.",
    "extents_alike": "No feature tells the extents of a region apart.",
    "no_extents": "A region has no extents to cluster.",
    "tiles_without_cluster": "Tiles of a map are in no cluster.",
    "too_few_extents": "There are too few extents for so many clusters.",
    "no_whole_month": "No month has enough days for the monthly phase of a training.",
    # ---- tuning ----
    "study_damaged": "The storage of a tuning's trials cannot be read.",
    "study_differs": "A folder holds the trials of another tuning.",
    # ---- parts of a store ----
    "tile_elsewhere": "A tile is in another part of a store that was split.",
    "too_few_tiles": "There are too few tiles for so many parts.",
}
