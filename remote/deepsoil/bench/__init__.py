"""Named benchmarks, one module each: every figure is a ratio to a reference measured in the same run, or a count.

A module here with a function ``run() -> list[Row]`` is a benchmark; its name is the module's, with ``-`` for ``_``.
``command``, ``ground``, ``ssh_server`` and ``measure`` are shared by them.
"""
