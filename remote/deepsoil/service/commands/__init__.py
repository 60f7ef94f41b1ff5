"""The commands about jobs and the service, one module each: ``add_arguments(parser)`` and ``run(args)``."""
