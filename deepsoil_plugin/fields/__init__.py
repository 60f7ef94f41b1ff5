"""The table of fields: what the fields of a job need, in rows and on the map."""
