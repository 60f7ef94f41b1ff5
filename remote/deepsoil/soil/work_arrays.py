"""The arrays that the kernels of the solver share: which column and which row holds what. Numbers only, no code."""

from __future__ import annotations

# columns of the work array: four function values and their four slopes by u, then the tridiagonal system
TH, K, PHI, S, DTH, DK, DPHI, DS, LOW, DIAG, UP, RHS = range(12)
WORK_COLUMNS = 12
# rows of the work array behind those of the nodes
WET_SURFACE, DRY_SURFACE, FIXED_BASE, OTHER = range(4)
EXTRA_ROWS = 4

# columns of the grid (nodes, 3), cm: thickness of the layer, distances of the node from its upper and its lower edge
THICKNESS, ABOVE, BELOW = range(3)

# boundary vector: rates in cm/day, the kind of the base, whether root stress is linear in the logarithm of suction
SUPPLY, TRANSPIRATION, BOTTOM_KIND, LOG_STRESS = range(4)
BOUNDARY_VALUES = 4
FREE_DRAINAGE, POTENTIAL, CLOSED = 0, 1, 2
# results of a stage, all cm/day: into the surface, out of the base, taken by roots
TOP, BASE, ROOTS = range(3)
