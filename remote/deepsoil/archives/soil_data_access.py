"""Soil Data Access: the tables of the soil survey by SQL over the web (USDA NRCS).

POST ``/tabular/post.rest`` with ``{"query": SQL, "format": "JSON+COLUMNNAME"}``; the answer is ``{"Table": [names, row,
row, …]}``, every value as text or null; ``{}`` where nothing fits. At most 100,000 rows and 32 MB an answer; "Site is
under daily maintenance" at night. Sources: facts on public archives, November 2026, §2a, the clients soilDB and
py-soildb. Not verified live.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from deepsoil.archives import coverage_service, wrong_answers
from deepsoil.archives.addresses import address_of
from deepsoil.archives.network import Network
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.text import Text

if TYPE_CHECKING:
    import pandas as pd

TITLE = "Soil Data Access"
PUBLIC = "https://sdmdataaccess.sc.egov.usda.gov"
FORMAT = "JSON+COLUMNNAME"
MOST_ROWS = 100_000
KEYS_AT_ONCE = 200
"""A map unit has about 5 components with 5 horizons each: some 5,000 rows, 1 MB."""
_MOST_BYTES = 33 << 20
_HORIZON_COLUMNS = ("hzdept_r", "hzdepb_r", "sandtotal_r", "silttotal_r", "claytotal_r", "dbthirdbar_r", "om_r",
                    "ksat_r", "awc_r", "wthirdbar_r", "wfifteenbar_r", "wsatiated_r")
COMPONENTS = ("SELECT mu.mukey, mu.muname, c.cokey, c.compname, c.comppct_r FROM mapunit AS mu "
              "LEFT JOIN component AS c ON c.mukey = mu.mukey WHERE mu.mukey IN ({keys})")
"""Map units without a component have a row too: they are known, and have no soil."""
HORIZONS = (f"SELECT h.cokey, {', '.join(f'h.{name}' for name in _HORIZON_COLUMNS)} FROM component AS c "
            "INNER JOIN chorizon AS h ON h.cokey = c.cokey WHERE c.mukey IN ({keys})")


def address() -> str:
    """Where queries are sent."""
    return f"{address_of('soil_data_access', PUBLIC)}/tabular/post.rest"


def tables(network: Network, keys: Sequence[int]) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    """Components (with the names of their map units) and horizons of map units, as text; bytes that came.

    Raises ``archive_failed`` (also during the nightly maintenance), ``archive_implausible`` and those of the network.
    """
    (components, first), (horizons, second) = (rows(network, query, keys) for query in (COMPONENTS, HORIZONS))
    return components, horizons, first + second


def rows(network: Network, query: str, keys: Sequence[int]) -> tuple[pd.DataFrame, int]:
    """The rows of a query with ``{keys}`` for all map unit keys, asked piece by piece; bytes that came."""
    import pandas as pd  # slow to load, and a plan needs none of it

    found, size, waiting = [], 0, [list(keys[at:at + KEYS_AT_ONCE]) for at in range(0, len(keys), KEYS_AT_ONCE)]
    while waiting:
        piece = waiting.pop(0)
        body = {"query": query.format(keys=", ".join(f"'{int(key)}'" for key in piece)), "format": FORMAT}
        content = network.answer(TITLE, address(), most_bytes=_MOST_BYTES, body=body, pages=True)
        size += len(content)
        table = _table(content)
        if len(table) >= MOST_ROWS:
            if len(piece) == 1:
                raise wrong_answers.not_understood(TITLE, Text("one map unit has 100,000 rows"))
            waiting[:0] = [piece[:len(piece) // 2], piece[len(piece) // 2:]]
            continue
        found.append(table)
    whole = [table for table in found if len(table.columns)]
    if not whole:
        return pd.DataFrame(columns=_columns(query)), size
    if any(list(table.columns) != list(whole[0].columns) for table in whole):
        raise wrong_answers.not_understood(TITLE, Text("two answers have other columns"))
    result = pd.concat(whole, ignore_index=True)
    missing = [name for name in _columns(query) if name not in result]
    if missing:
        raise wrong_answers.not_understood(TITLE, Text("the column {column} is missing", column=missing[0]))
    return result, size


def _columns(query: str) -> list[str]:
    named = query.removeprefix("SELECT ").partition(" FROM ")[0]
    return [name.strip().rpartition(".")[2] for name in named.split(",")]


def _table(content: bytes) -> pd.DataFrame:
    import pandas as pd  # see `rows`

    told = coverage_service.refusal(content)
    if told:
        raise wrong_answers.refused(TITLE, told)
    try:
        document: Any = json.loads(content)
        table = document["Table"] if document else []
        names = [str(name).lower() for name in table[0]] if table else []
        lines = table[2:] if len(table) > 1 and any("ColumnOrdinal" in str(cell) for cell in table[1]) else table[1:]
        if any(len(line) != len(names) for line in lines):
            raise ValueError("a row has another length than the names")
        return pd.DataFrame(lines, columns=names, dtype=object)
    except (ValueError, KeyError, TypeError, IndexError) as error:
        if b"maintenance" in content[:8192].lower():
            raise DeepSoilError("archive_failed", "{archive} is closed for its daily maintenance.",
                                "Try again in an hour; what has come already is kept.", archive=TITLE) from error
        raise wrong_answers.not_understood(TITLE, str(error)) from error
