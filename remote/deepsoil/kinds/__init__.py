"""The kinds of jobs: one module for each, found by `registry`. Their interface is `deepsoil.jobs.kind`."""
