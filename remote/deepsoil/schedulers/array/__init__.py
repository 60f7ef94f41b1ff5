"""What every scheduler with job arrays shares: attempts, decisions, retries, cancels; submitted once, then followed."""
