"""A YAML file of somebody else costs little time and memory, whatever is in it, and is refused in words."""

from __future__ import annotations

import random
import resource
import time
from pathlib import Path

import pytest
import yaml
from deepsoil.contract.errors import DeepSoilError
from deepsoil.io import yaml_files
from deepsoil.sources.recipe import load
from deepsoil.sources.yaml_lines import read_yaml
from deepsoil.training.configuration_catalogue import described

REPOSITORY = Path(__file__).parents[2]
SECONDS = 5.0
FILES = sorted([*(REPOSITORY / "resources" / "recipes").glob("*.yaml"),
                *(REPOSITORY / "resources" / "training").glob("*.yaml")])


def laughs(levels: int, width: int, flow: bool = True) -> str:
    """Each line refers ``width`` times to the one before."""
    lines = ["a0: &a0 [x, x]"]
    for level in range(1, levels):
        again = ", ".join([f"*a{level - 1}"] * width)
        lines.append(f"a{level}: &a{level} [{again}]" if flow else
                     f"a{level}: &a{level}\n  <<: [{again}]\n  k{level}: 1")
    return "\n".join(lines)


BOMBS = {
    "aliases of aliases": laughs(30, 9),
    "aliases of aliases, two each": laughs(64, 2),
    "merges of merges": laughs(30, 9, flow=False).replace("[x, x]", "{x: 1}", 1),
    "itself in a list": "a: &a [*a]",
    "itself in a mapping": "a: &a {b: *a}",
    "itself as a key": "a: &a {? *a : 1}",
    "itself merged": "a: &a\n  <<: *a\n  b: 1",
    "an anchor that is missing": "a: *b",
    "deep lists": "a: " + "[" * 100_000,
    "deep lists, closed": "a: " + "[" * 5_000 + "]" * 5_000,
    "deep mappings": "a: " + "{a: " * 50_000,
    "deep blocks": "\n".join(" " * level + "a:" for level in range(1_000)),
    "deep sequences in one line": "- " * 200_000,
    "deep keys": "? " * 200_000,
    "a huge text": "a: " + "x" * 900_000,
    "a huge file": "a: 1\n" * 400_000,
    "a huge key with many children": f"? {'k' * 100_000}\n: [{'0,' * 40_000}]",
    "a long number": "schema: " + "9" * 5_000,
    "a long number, base 60": "schema: 1" + ":59" * 3_000,
    "a day that is none": "schema: 2023-13-45",
    "a tag that is none": "!!python/object/apply:os.system ['true']",
    "a wrong tag": "schema: !!int x",
    "a wrong time": "schema: !!timestamp x",
    "a wrong binary": "schema: !!binary é",
    "a lone surrogate": 'name: "\\ud800"',
    "many anchors": "\n".join(f"a{i}: &a{i} 1" for i in range(60_000)),
    "many documents": "a: 1\n---\n" * 50_000,
    "many aliases": "a: &a [" + "1," * 1_000 + "]\nb: [" + "*a," * 10_000 + "]",
    "a colon everywhere": ":" * 900_000,
    "quotes": '"' * 900_001,
    "a tab": "\t" * 900_000,
    "directives": "%YAML 1.1\n" * 90_000,
    "folded": "a: >\n" + "\n" * 900_000 + "x",
    "nothing": "",
    "null": "null",
    "a list": "[1]",
}


def timed(path: Path) -> list[str]:
    """What each reader of YAML says of a file: ``fine`` or the code of the error. Bounded in time."""
    said = []
    for read in (read_yaml, load, lambda one: described(one)["problem"]):
        before = time.process_time()
        try:
            problem = read(path)
            said.append(problem["code"] if isinstance(problem, dict) else "fine")
            message = problem["message"] if isinstance(problem, dict) else ""
        except DeepSoilError as error:
            said.append(error.code)
            message = str(error)
        assert time.process_time() - before < SECONDS, path.read_bytes()[:200]
        assert len(message) < 2_000, message[:300]
    return said


@pytest.mark.parametrize("name", BOMBS)
def test_a_yaml_bomb_is_refused_in_words_at_once(tmp_path: Path, name: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    file = tmp_path / "bomb.yaml"
    file.write_text(BOMBS[name], encoding="utf-8")
    said = timed(file)
    assert "fine" not in said[1:], name
    assert set(said) <= {"fine", "recipe_invalid", "configuration_invalid"}
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400_000, "kB of memory"


@pytest.mark.parametrize("seed", range(12))
def test_whatever_becomes_of_a_yaml_file_it_is_read_or_refused(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    bits = ["[", "]", "{", "}", "&a ", "*a", "<<: *a", "? ", "- ", ": ", "!!int ", "!!timestamp ", "\n", "  ", "'", '"',
            "|\n", ">", "#", "%", "\\ud800", "2023-02-31", "1e999", ".nan", "0x", "\t", "\0", "é", "~", "---\n", "!x "]
    for _ in range(25):
        text = chance.choice(FILES).read_text(encoding="utf-8")
        for _ in range(chance.randint(1, 8)):
            place = chance.randrange(len(text) + 1)
            text = text[:place] + chance.choice(bits) * chance.choice((1, 1, 2, 300)) + text[
                place + chance.choice((0, 0, 3, 40)):]
        data = text.encode("utf-8", "surrogatepass")
        if chance.random() < 0.2:
            place = chance.randrange(len(data))
            data = data[:place] + bytes([chance.randrange(256)]) + data[place + 1:]
        file = tmp_path / "mutated.yaml"
        file.write_bytes(data)
        assert set(timed(file)) <= {"fine", "recipe_invalid", "recipe_missing", "unit_wrong", "configuration_invalid"}


@pytest.mark.parametrize("seed", range(6))
def test_the_size_of_a_document_is_counted_as_it_will_be(seed: int) -> None:
    """Aliases count as what they stand for: a document within the bounds is whole, one beyond them is refused."""
    chance = random.Random(seed)
    names: list[str] = []
    lines = []
    sizes = {}
    for number in range(chance.randint(3, 25)):
        items = [chance.choice(names) if names and chance.random() < 0.6 else "" for _ in range(chance.randint(1, 4))]
        sizes[f"n{number}"] = 1 + sum(sizes[item] if item else 1 for item in items)
        lines.append(f"n{number}: &n{number} [{', '.join(f'*{item}' if item else '1' for item in items)}]")
        names.append(f"n{number}")
    total = 1 + sum(1 + size for size in sizes.values())
    if total > yaml_files.MOST_NODES:
        with pytest.raises(yaml.YAMLError, match="more than"):
            yaml_files.load("\n".join(lines))
    else:
        assert set(yaml_files.load("\n".join(lines))[0]) == set(names)


def test_aliases_may_be_used(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("\ufeffbase: &base {a: 1, b: [1, 2]}\nother:\n  <<: *base\n  c: *base\n", encoding="utf-8")
    document, lines = read_yaml(file)
    assert document["other"] == {"a": 1, "b": [1, 2], "c": {"a": 1, "b": [1, 2]}}
    assert lines.of("other.c") == 4 and lines.of("other.d.e") == 2


def test_the_files_that_come_with_deepsoil_are_far_within_the_bounds() -> None:
    assert len(FILES) > 8
    for file in FILES:
        assert file.stat().st_size < yaml_files.LARGEST_BYTES / 50
        yaml_files.load(yaml_files.read_text(file))


def test_yaml_is_read_in_one_place_only() -> None:
    """Everything else goes through its bounds."""
    readers = [file.name for file in (REPOSITORY / "remote").rglob("*.py")
               if any(f"yaml.{name}" in file.read_text(encoding="utf-8")
                      for name in ("load", "safe_load", "full_load", "unsafe_load", "compose", "parse", "scan"))]
    assert readers == ["yaml_files.py"]
