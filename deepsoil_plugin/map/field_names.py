"""What the selected fields of a layer are called: by an attribute, which is found by rules or chosen by the user. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ..contract import LONGEST_NAME
from ..text.translate import tr

# In order; the layers of other languages have their own words.
_USUAL = ("name", "field_name", "fieldname", "field", "parcel_name", "parcel", "label", "title", "nombre", "parcela",
          "lote", "campo", "nom", "parcelle", "feldname", "schlagname", "schlag", "flurname")


def best_attribute(texts: Sequence[str], others: Sequence[str], display: str, values: Mapping[str, Sequence[str]],
                   ) -> str | None:
    """The attribute that names fields best; None where there is none.

    ``texts``, ``others``: names of the attributes that hold text, and of all others; ``display``: the attribute by
    which QGIS shows features of the layer; ``values``: by attribute the text of every selected feature, empty where it
    has none.
    """
    known = {name.lower(): name for name in reversed([*texts, *others]) if any(values.get(name, ()))}
    filled = [name for name in texts if any(values.get(name, ()))]
    usual = [known[name] for name in _USUAL if name in known]
    ending = [name for name in filled if name.lower().endswith("name")]
    shown = [display] if display in filled else []
    different = [name for name in filled if all(values[name]) and len(set(values[name])) == len(values[name])]
    return next(iter([*usual, *shown, *ending, *different, *filled]), None)


def names_of(values: Iterable[str], numbers: Iterable[int]) -> list[str]:
    """A name for every feature, no two the same: its value, else its number; equal ones get a number after them."""
    taken: set[str] = set()
    names = []
    for value, number in zip(values, numbers, strict=True):
        wanted = " ".join(value.split())[:LONGEST_NAME] or tr("Field {0}").format(number)
        name, count = wanted, 1
        while name in taken:
            count += 1
            after = f" ({count})"
            name = f"{wanted[:LONGEST_NAME - len(after)]}{after}"
        taken.add(name)
        names.append(name)
    return names
