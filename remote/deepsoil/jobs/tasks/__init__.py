"""The tasks of a job: how it is split, what one task does and writes, how the results become the job's outputs."""
