"""Controls that every screen shares."""
