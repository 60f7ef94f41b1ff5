"""Which channel a file seems to hold, by what it is called; and which day. Pure."""

from __future__ import annotations

import re
from datetime import date, timedelta

WORDS: dict[str, str] = {
    "sand": r"sand(total)?",
    "silt": r"silt(total)?",
    "clay": r"clay(total)?",
    "bulk_density": r"bulk density|bdod|dbthirdbar|bd",
    "organic_matter": r"organic matter|om",
    "theta_r": r"theta r|residual water content",
    "theta_s": r"theta s|saturated water content",
    "porosity": r"porosity",
    "soil_thickness": r"soil thickness",
    "elevation": r"elevation|dem|dtm|srtm|3dep",
    "slope": r"slope",
    "aspect": r"aspect",
    "land_cover": r"nlcd|land ?cover|lulc",
    "crop": r"cdl|cropland( data layer)?",
    "koppen": r"k(o|oe|ö)ppen( geiger)?",
    "irrigated": r"irrigated|irrigation|lanid|mirad",
    "ndvi": r"ndvi|normali[sz]ed difference vegetation index",
    "lai": r"lai|leaf area( index)?",
    "precipitation": r"precipitation( (amount|flux))?|precip|rainfall|rain|ppt|pr",
    "temperature": r"(daily )?mean (air )?temperature|air temperature|t ?mean|tavg|t2m",
    "vpd": r"vpd|(mean )?vapou?r pressure deficit",
    "pet": r"pet|eto|(potential|reference) evapotranspiration",
}
"""Channel → what it is called, between words."""

LOWEST, HIGHEST = "lowest temperature", "highest temperature"
_EXTREMES = {LOWEST: r"(daily )?(minimum|min) (air )?temperature|tmmn|t ?min|tasmin",
             HIGHEST: r"(daily )?(maximum|max) (air )?temperature|tmmx|t ?max|tasmax"}
"""Two variables whose mean is the channel ``temperature``."""

_DAY = (re.compile(r"(?<!\d)(\d{4})[-_.]?(\d{2})[-_.]?(\d{2})(?!\d)"), re.compile(r"(?<!\d)A?(\d{4})(\d{3})(?!\d)"))
_YEARS = range(1980, 2101)


def words_of(*texts: str) -> str:
    """Texts as words in small letters: ``Konza_DEM-9m`` becomes ``konza dem 9 m``."""
    whole = " ".join(texts)
    apart = re.sub(r"(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ])|(?<=[0-9])(?=[A-Za-z])|(?<=[a-zA-Z])(?=[0-9])", " ", whole)
    # What separates a letter from a digit also separates t2m and 3dep: they are told by the text as it stands.
    plain = re.sub(r"[^0-9a-zß-ÿ]+", " ", whole.lower())
    return f"{re.sub(r'[^0-9a-zß-ÿ]+', ' ', apart.lower())} | {plain}"


def channels_of(words: str) -> list[str]:
    """The channels that some words (`words_of`) may mean, and `LOWEST` or `HIGHEST`; several where they are unclear."""
    found = {name: longest for name, pattern in {**WORDS, **_EXTREMES}.items()
             if (longest := max((len(match[0]) for match in re.finditer(rf"(?<![^ ])(?:{pattern})(?![^ ])", words)),
                                default=0))}
    if LOWEST in found or HIGHEST in found:
        found.pop("temperature", None)
    if "crop" in found:
        found.pop("land_cover", None)
    return sorted(found)


def day_of(name: str) -> date | None:
    """The day in the name of a file (2023-07-01, 20230701, A2023182); None where there is none, or two."""
    days = set()
    for match in _DAY[0].finditer(name):
        days.add(_day(*map(int, match.groups())))
    if not days - {None}:
        for match in _DAY[1].finditer(name):
            year, number = int(match[1]), int(match[2])
            days.add(date(year, 1, 1) + timedelta(number - 1) if year in _YEARS and 1 <= number <= 366 else None)
    known = days - {None}
    return known.pop() if len(known) == 1 else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year in _YEARS else None
    except ValueError:
        return None
