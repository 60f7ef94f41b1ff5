"""The region assistant: a folder of somebody's own files becomes a region."""
