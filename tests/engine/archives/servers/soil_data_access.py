"""USDA's Soil Data Access (POST of SQL), imitated over tables in memory by sqlite.

Facts collected on public archives, November 2026, §2a, soilDB's and py-soildb's clients: ``/tabular/post.rest``, body
``{"query", "format"}``, an answer ``{"Table": [names, row, …]}`` with every value as text, ``{}`` without rows, at most
100,000 rows, an ExceptionReport with status 400 for wrong SQL, the page "Site is under daily maintenance". Not compared
with the live service.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pandas as pd
from servers.serving import Reply, Request, Server, serving


@contextmanager
def soil_data_access(tables: Mapping[str, pd.DataFrame], *, most_rows: int = 100_000,
                     maintenance: bool = False) -> Iterator[Server]:
    """Serve the tables mapunit, component and chorizon; ``base`` stands for https://sdmdataaccess.sc.egov.usda.gov."""
    with serving(lambda request: _answer(request, tables, most_rows, maintenance)) as server:
        yield server


def _answer(request: Request, tables: Mapping[str, pd.DataFrame], most_rows: int, maintenance: bool) -> Reply:
    if request.method != "POST" or request.path != "/tabular/post.rest":
        return Reply(b"not found", "text/plain", 404)
    if maintenance:
        return Reply(b"<html><body>Site is under daily maintenance</body></html>", "text/html")
    asked = json.loads(request.body)
    database = sqlite3.connect(":memory:")
    for name, table in tables.items():
        table.astype("string").to_sql(name, database, index=False)
    try:
        cursor = database.execute(asked["query"])
    except sqlite3.Error as error:
        return Reply(f"<ServiceExceptionReport><ServiceException>Invalid query: {error}</ServiceException>"
                     "</ServiceExceptionReport>".encode(), "text/xml", 400)
    rows = [list(row) for row in cursor.fetchmany(most_rows)]
    names = [column[0] for column in cursor.description]
    database.close()
    document = {"Table": [names, *rows]} if rows else {}
    if rows and "METADATA" in asked["format"].upper():
        document["Table"].insert(1, ["ColumnOrdinal=0,DataTypeName=varchar"] * len(names))
    return Reply(json.dumps(document).encode(), "application/json")
