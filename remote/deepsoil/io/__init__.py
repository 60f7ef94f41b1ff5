"""Files, locks, processes and threads: what differs between systems and what several processes share."""
