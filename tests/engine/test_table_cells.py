"""A spreadsheet that opens one of our CSV tables shows its texts and computes none of them; numbers stay numbers."""

from __future__ import annotations

import csv
import io
import math
import random
from pathlib import Path

import pytest
from deepsoil.contract.table_cells import guarded, guarded_row
from deepsoil.evaluation.table_files import Spread, Tabular

ROOT = Path(__file__).parents[2]
FORMULAS = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0",
            " =1+1", "＝1+1", "＋1", "－1", "＠SUM(A1)", "a;=1+1", "a\t=1+1", "a\n=1+1", ";=1", '"=1', "'=1", "-", "=",
            "+", "--1", "-1-", "1\n-1+1", "- 5", "-1,5", "=HYPERLINK(\"http://127.0.0.1/\")", "-5e", "+5 ", "-0x10"]
NUMBERS = ["-1", "+1", "-0.5", "+.5", "-1e-7", "1e5", "-1.", "-inf", "+inf", "nan", "-12345678901234567890"]
HARMLESS = ["Nordviertel θ", "1 < 2", "a=b", "a-b", "a@b", "", "'", "St. 5", "2023-07-15", "=".join("ab")]


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would compute the cell."""
    bare = cell.strip(' "')
    if not bare or bare[0] not in "=+-@＝＋－＠\t":
        return False
    try:
        float(bare)
    except ValueError:
        return True
    return False


def written(cells: list[object]) -> str:
    stream = io.StringIO()
    csv.writer(stream).writerow(guarded_row(cells))
    return stream.getvalue()


@pytest.mark.parametrize("cell", FORMULAS)
def test_a_formula_is_written_as_text(cell: str) -> None:
    text = written([cell])
    for separator in (",", ";", "\t"):
        assert not any(is_formula(one) for line in text.splitlines() for one in line.split(separator)), text
    assert guarded(cell) != cell


@pytest.mark.parametrize("cell", [*NUMBERS, *HARMLESS, 1, -1.5, math.nan, None])
def test_numbers_and_other_texts_stay(cell: object) -> None:
    assert guarded(cell) is cell


@pytest.mark.parametrize("seed", range(20))
def test_no_text_becomes_a_formula_and_none_is_lost(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(300):
        cells = ["".join(chance.choices("=+-@;\t\r\n,'\" a1.e＝－", k=chance.randint(0, 9))) for _ in range(3)]
        text = written(list(cells))
        for separator in (",", ";", "\t"):
            for cell in cells:
                alone = str(guarded(cell))
                assert not any(is_formula(part) for line in alone.splitlines() for part in line.split(separator)
                               if separator != ","), (cell, alone)
        (row,) = csv.reader(io.StringIO(text, newline=""))
        assert row == guarded_row(cells)
        if guarded(cells[0]) != cells[0]:
            assert "'" in row[0] and len(row[0]) > len(cells[0])
    assert len({str(guarded(cell)) for cell in FORMULAS}) == len(FORMULAS)


def test_the_tables_of_results_are_guarded() -> None:
    table = Tabular("t", ("name", "value"), [("=1+1", -1.5), ("-x", Spread(-1.0, 0.5, 2)), ("a", -3)])
    assert [row[0] for row in csv.reader(io.StringIO(table.csv()))][1:] == ["'=1+1", "'-x", "a"]
    assert [row[1] for row in csv.reader(io.StringIO(table.csv()))][1:] == ["-1.5", "-1.0", "-3"]


def test_every_csv_writer_guards_its_cells() -> None:
    """A module that writes CSV takes its rows through ``guarded`` or ``guarded_row``."""
    writers = [file for folder in ("remote/deepsoil", "deepsoil_plugin") for file in (ROOT / folder).rglob("*.py")
               if any(word in file.read_text(encoding="utf-8") for word in ("csv.writer", "DictWriter", "to_csv("))]
    assert len(writers) == 13
    assert [file.name for file in writers if "guarded" not in file.read_text(encoding="utf-8")] == []
