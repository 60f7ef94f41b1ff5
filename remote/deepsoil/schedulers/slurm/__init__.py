"""Slurm: its commands, what they answer, its scripts and its messages. The rest is in `schedulers/array/`."""
