"""Each bound of a document is where the documentation has it: the largest is taken, one more is refused.

Two versions of DeepSoil meet on a host and on a disk: what one writes, the other has to take.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from deepsoil.contract import json_text, protocol
from deepsoil.contract.summary import MOST_OUTPUTS
from deepsoil.io import json_files, yaml_files
from deepsoil.jobs import outputs

MIB = 1024 * 1024
ROOT = Path(__file__).parents[2]


def of_yaml(text: str) -> bool:
    try:
        yaml_files.load(text)
    except yaml.YAMLError as error:
        assert "more than" in str(error)
        return False
    return True


def of_json(text: str) -> bool:
    try:
        json_text.parse(text)
    except ValueError:
        return False
    return True


BOUNDS: dict[str, tuple[Callable[[str], bool], Callable[[int], str], int]] = {
    "values of a YAML file": (of_yaml, lambda n: "[" + "1, " * (n - 2) + "1]", 50_000),
    "characters of a text in it": (of_yaml, lambda n: "a: " + "x" * n, 10_000),
    "characters of a key in it": (of_yaml, lambda n: f"? {'k' * n}\n: 1", 200),
    "its levels": (of_yaml, lambda n: "[" * n + "]" * n, 20),
    "levels of JSON": (of_json, lambda n: "[" * n + "]" * n, 64),
    "levels of JSON of both kinds": (of_json, lambda n: '[{"a":' * (n // 2) + "[]" * (n % 2) + "1" * (1 - n % 2)
                                     + "}]" * (n // 2), 64),
}


@pytest.mark.parametrize("name", BOUNDS)
def test_a_bound_is_where_it_is_said(name: str) -> None:
    taken, document, most = BOUNDS[name]
    assert taken(document(most)) and taken(document(most - 1))
    assert not taken(document(most + 1)) and not taken(document(most * 10))


@pytest.mark.parametrize(("number", "fits"), [
    (2**63 - 1, True), (-(2**63), True), (2**63, False), (-(2**63) - 1, False)])
def test_an_integer_has_64_bits(number: int, fits: bool) -> None:
    assert of_json(json.dumps({"a": [number]})) == fits


def test_a_yaml_file_has_a_million_bytes(tmp_path: Path) -> None:
    for size, fits in ((1_000_000, True), (1_000_001, False)):
        (tmp_path / "a.yaml").write_text("a: 1\n" + "#" * (size - 6) + "\n", encoding="utf-8")
        assert (tmp_path / "a.yaml").stat().st_size == size
        if fits:
            assert yaml_files.load(yaml_files.read_text(tmp_path / "a.yaml"))[0] == {"a": 1}
        else:
            with pytest.raises(yaml.YAMLError, match="1000 kB"):
                yaml_files.read_text(tmp_path / "a.yaml")


def test_a_line_of_a_file_has_a_mebibyte(tmp_path: Path) -> None:
    lines = [{"a": "x" * (size - len('{"a":""}'))} for size in (MIB, MIB + 1, 9)]
    path = tmp_path / "lines.jsonl"
    path.write_text("".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines), encoding="utf-8")
    assert list(json_files.read_lines(path)) == [lines[0], lines[2]]


def read(path: Path, most: int) -> Any:
    return json_files.read(path, most)


def test_a_document_is_read_up_to_the_bytes_that_are_said(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b'{"a": 1}')
    assert read(tmp_path / "a.json", 8) == {"a": 1}
    with pytest.raises((OSError, ValueError)):
        read(tmp_path / "a.json", 7)


def test_lines_are_read_up_to_the_bytes_that_are_said(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_bytes(b'{"a": 1}\n{"a": 2}\n{"a": 3}\n')
    assert [line["a"] for line in json_files.read_lines(path, most_bytes=18)] == [1, 2]
    assert [line["a"] for line in json_files.read_lines(path, most_bytes=27)] == [1, 2, 3]


def test_a_request_has_at_most_sixteen_mebibytes() -> None:
    line = protocol.TOKEN + b'{"id": 1, "method": "hello"}'
    assert protocol.parse(line.ljust(16 * MIB)) == protocol.Request(1, "hello", {})
    with pytest.raises(protocol.BadRequestError) as caught:
        protocol.parse(line.ljust(16 * MIB + 1))
    assert caught.value.problem.code == "line_too_long" and "16 MiB" in caught.value.problem.text


def test_both_programs_and_the_documents_have_the_same_bounds() -> None:
    text = (ROOT / "docs" / "contract.md").read_text(encoding="utf-8")
    said = re.search(r"A request is at most (\d+) MiB long, a reply (\d+) MiB", text)
    outputs_said = re.search(r"only the first ([\d,]+) outputs are listed", text)
    assert said and outputs_said
    plugin = (ROOT / "deepsoil_plugin" / "contract.py").read_text(encoding="utf-8")
    of_plugin = dict(re.findall(r"^(LONGEST_\w+) = (\d+)", plugin, re.MULTILINE))
    for name, mebibytes in (("LONGEST_LINE", said[1]), ("LONGEST_REPLY", said[2])):
        assert getattr(protocol, name) == int(of_plugin[name]) == int(mebibytes) * MIB
    assert outputs.MOST == MOST_OUTPUTS == int(outputs_said[1].replace(",", ""))
