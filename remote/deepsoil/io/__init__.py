"""Files, locks, processes and threads, and everything that differs between operating systems.

Independent of the rest of the engine: only the errors of the contract are imported.
"""
