"""Fixtures that several modules of tests share."""

from host_fixtures import engine, open_client

__all__ = ["engine", "open_client"]
