"""Files, locks, processes and threads: each once, and everything that differs between operating systems.

Nothing here knows what DeepSoil does: of the engine only the errors of the contract are imported.
"""
