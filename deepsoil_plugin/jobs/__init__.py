"""What the plugin knows of jobs: requests, their state, their results. No dock here."""
