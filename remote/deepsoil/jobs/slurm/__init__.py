"""Jobs through Slurm: submitted once, observed, tried again where a machine failed, cancelled. The tasks' own work and
files are in ``jobs/tasks``.
"""
