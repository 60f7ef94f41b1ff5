"""Data of a field from public archives: the offer in the line Data, the plan, and what follows when it has come."""
