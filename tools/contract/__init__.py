"""Makes from the engine's contract what others have of it: the tables and the schema in ``docs/``, the plugin's module.

``python -m tools.contract --write`` writes the files, ``--check`` says which are not what would be written. It needs
the engine's environment.
"""
