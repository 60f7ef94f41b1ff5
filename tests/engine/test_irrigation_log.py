"""Tables of dates and water as people keep them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from deepsoil.cli import main
from deepsoil.contract.errors import DeepSoilError
from deepsoil.soil.irrigation_log import read_log
from hypothesis import given, settings
from hypothesis import strategies as st

JULY = {dt.date(2023, 7, 4): 25.4, dt.date(2023, 7, 14): 20.0}


def log(text: str, unit: str | None = None) -> dict[dt.date, float]:
    return {one.date: one.mm for one in read_log(text, unit).applications}


@pytest.mark.parametrize("text", [
    "date;mm\n2023-07-04;25,4\n2023-07-14;20\n", "Date,MM\n2023-07-04,25.4\n2023-07-14,20\n",
    "\ufeffFecha\tRiego (mm)\n04/07/2023\t25,4\n14/07/2023\t20,0\n",
    "DATUM;note;mm\r\n4.7.2023;a;25.4\r\n14.7.2023;;20\r\n",
    "date,in\n07/04/2023,1.0\n7/14/2023,0.7874\n", "mm;date\n20;2023-07-14\n\n25.4;2023-07-04\n0;2023-07-20\n"])
def test_tables_that_are_read(text: str) -> None:
    assert log(text) == JULY


def test_a_pasted_table_needs_no_names() -> None:
    assert log("2023-07-04\t25,4\n2023-07-14\t20", "mm") == JULY
    assert log("2023-07-04\t1\n2023-07-14\t0.7874", "in") == JULY


@pytest.mark.parametrize(("text", "said"), [
    ("", "empty"), ("date;mm\n2023-07-04;-3", "negative"), ("date;mm\n2023-07-04;500", "more than 300"),
    ("date;in\n2023-07-04;25", "635"), ("date;mm\n2023-07-04;3\n2023-07-04;4", "Lines 2 and 3"),
    ("date;mm\n04/07/2023;3", "two different days"), ("date;mm\n14/07/2023;3\n07/15/2023;3", "not of one kind"),
    ("date;mm\n2023-02-30;3", "not a date"), ("date;mm\nyesterday;3", "not a date"),
    ("date;mm\n2023-07-04;much", "amount"), ("date,mm\n2023-07-04,25,4", "too many columns"),
    ("date;mm\n2023-07-04;", "amount"), ("date;mm\n2023-07-04", "no water"), ("2023-07-04;25", "unit"),
    ("date;water\n2023-07-04;25", "does not name"), ("date;mm;in\n2023-07-04;25;1", "two columns"),
    ("date;mm\n2023-07-04;1.234,5", "amount"), ("date;mm\n4/7/23;25", "not a date")])
def test_tables_that_are_refused(text: str, said: str) -> None:
    with pytest.raises(DeepSoilError) as caught:
        log(text)
    assert caught.value.code == "irrigation_log_invalid" and said in caught.value.message and caught.value.hint


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="date;mm,in\n\t0123456789-/. x\u00e9\"", max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        assert all(0 < mm <= 300 for mm in log(text, "mm").values())
    except DeepSoilError as error:
        assert error.code == "irrigation_log_invalid"


def test_the_command_says_what_is_wrong_with_a_log(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "log.csv"
    file.write_text("date;mm\n2023-07-04;500\n")
    assert main(["predict", "--bbox", "0", "0", "1", "1", "--date", "2023-07-15", "--irrigation-log", str(file),
                 str(tmp_path / "maps")]) == 2
    assert "500 mm on 2023-07-04" in capsys.readouterr().err
    for habit in ("25mm", "25mm@400%", "x@40%"):
        with pytest.raises(SystemExit):
            main(["predict", "--bbox", "0", "0", "1", "1", "--date", "2023-07-15", "--irrigation-habit", habit,
                  str(tmp_path / "maps")])
        assert "such as 25mm@40%" in capsys.readouterr().err
