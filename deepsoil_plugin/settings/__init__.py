"""The options page and what it keeps."""
