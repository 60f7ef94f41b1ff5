"""NCEI's folder of USCRN products over made stations.

What it imitates, and where that is known from (facts on public archives, November 2026, §9): ``stations.tsv``,
``hourly02/{Y}/CRNH0203-{Y}-{ST_Name_n_DIR}.txt`` with 38 columns, soil moisture at 5, 10, 20, 50 and 100 cm in m³/m³,
−99.000 and −9999.0 for missing, UTC at the hour's end. Made here: the look of the listing (an Apache index).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import pandas as pd
from servers.plain import Made, Reply, Request, serving

DEPTHS = (5, 10, 20, 50, 100)


@dataclass(frozen=True)
class MadeCrn:
    """θ (hours, 5) m³/m³ and °C (hours, 5) over the UTC ends of hours; NaN is written as missing."""

    wban: str
    state: str
    location: str
    vector: str
    longitude: float
    latitude: float
    ends_utc: pd.DatetimeIndex
    theta: np.ndarray
    temperature: np.ndarray

    @property
    def file(self) -> str:
        return "_".join((self.state, self.location, self.vector)).replace(" ", "_")


@contextmanager
def uscrn(stations: Sequence[MadeCrn], cut: Sequence[str] = (), gone: Sequence[str] = ()) -> Iterator[Made]:
    """The folder; ``cut``: stations whose file ends in the middle of a line, ``gone``: whose file is listed only."""
    def answer(request: Request, base: str) -> Reply:
        if request.path == "/stations.tsv":
            head = ("WBAN\tCOUNTRY\tSTATE\tLOCATION\tVECTOR\tNAME\tLATITUDE\tLONGITUDE\tELEVATION\tSTATUS"
                    "\tCOMMISSIONING\tCLOSING\tOPERATION\tPAIRING\tNETWORK\tSTATION_ID")
            rows = [f"{one.wban}\tUS\t{one.state}\t{one.location}\t{one.vector}\tName\t{one.latitude}\t{one.longitude}"
                    "\t1140\tCommissioned\t2003\tNA\tOperational\tNA\tUSCRN\t1" for one in stations]
            rows.append("UN\tUS\tKS\tNowhere\t1 N\tName\tNA\tNA\t0\tClosed\tNA\tNA\tNA\tNA\tUSCRN\t2")
            return Reply("\n".join((head, *rows)).encode(), kind="text/tab-separated-values")
        year = request.path.split("/")[2] if request.path.startswith("/hourly02/") else ""
        files = {f"/hourly02/{year}/CRNH0203-{year}-{one.file}.txt": one for one in stations
                 if year.isdigit() and (one.ends_utc.year == int(year)).any()}
        if request.path in files and files[request.path].location not in gone:
            text = _file(files[request.path], int(year))
            return Reply(text[:-40 if files[request.path].location in cut else None].encode(), kind="text/plain")
        if request.path == f"/hourly02/{year}/":
            links = "".join(f'<a href="{name.rsplit("/", 1)[1]}">{name.rsplit("/", 1)[1]}</a>\n' for name in files)
            return Reply(f"<html><body><h1>Index of {request.path}</h1><pre>{links}"
                         f'<a href="CRNH0203-{year}-AK_Sitka_1_NE.txt">CRNH0203-{year}-AK_Sitka_1_NE.txt</a></pre>'
                         "</body></html>".encode(), kind="text/html")
        return Reply(b"not found", 404, "text/plain")

    with serving(answer) as made:
        yield made


def _file(one: MadeCrn, year: int) -> str:
    lines = []
    for number, end in enumerate(one.ends_utc):
        if end.year != year:
            continue
        local = end - pd.Timedelta(hours=6)
        moisture = " ".join(f"{value:7.3f}" if np.isfinite(value) else "-99.000" for value in one.theta[number])
        warm = " ".join(f"{value:7.1f}" if np.isfinite(value) else "-9999.0" for value in one.temperature[number])
        weather = "10.1 10.0 11.0 9.0 0.0 250 0 300 0 200 0 C 12.0 0 13.0 0 11.0 0 60 0"
        lines.append(f"{one.wban} {end:%Y%m%d} {end:%H%M} {local:%Y%m%d} {local:%H%M}  2.623 {one.longitude:8.2f} "
                     f"{one.latitude:7.2f} {weather} {moisture} {warm}\n")
    return "".join(lines)
