"""The tasks of a job: how it is split, what one task does and leaves, how their results become the job's outputs."""
