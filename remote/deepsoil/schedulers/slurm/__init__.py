"""Jobs through Slurm: submitted once, observed, tried again where a machine failed, cancelled."""
