"""The common part of schedulers with job arrays: attempts, decisions, retries, cancels; submit once, then monitor."""
