"""What runs jobs: processes of this computer, Slurm."""
