"""The panel "Water": irrigation given and planned on one time axis, and what follows from it for a field or a place."""
