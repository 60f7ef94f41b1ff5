"""Slurm: its commands, their output, its scripts and its messages. The rest is in `schedulers/array/`."""
