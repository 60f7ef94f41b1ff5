"""Questions that a login asks the user: host keys, passwords, codes."""
