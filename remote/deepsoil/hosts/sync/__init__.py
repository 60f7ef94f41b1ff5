"""This computer's view of another computer's jobs: submission, cached state, retrieved files."""
