"""Other computers: reaching them over SSH, their jobs, installing the engine there, testing the connection."""
