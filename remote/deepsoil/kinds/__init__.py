"""The kinds of jobs: options, checks, estimate, plan, run and merge."""
