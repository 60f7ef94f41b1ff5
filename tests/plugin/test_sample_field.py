"""“Try the sample field”: the region is built whole or not at all, can be stopped, and is then mapped at a click."""

from __future__ import annotations

import pytest

from deepsoil_plugin.engine.sample_builder import SampleBuilder


@pytest.fixture
def build(qtbot, tmp_path):
    """``build(script)`` runs it as the engine's Python; the folder comes as ``$4``. Gives what was said."""

    def run(script, stop=False):
        python = tmp_path / "python"
        python.write_text(f"#!/bin/sh\n{script}\n")
        python.chmod(0o755)
        builder, said = SampleBuilder(), []
        builder.progressed.connect(lambda message, fraction: said.append((message, fraction)))
        builder.built.connect(lambda folder: said.append(("built", folder)))
        builder.failed.connect(lambda message: said.append(("failed", message)))
        builder.stopped.connect(lambda: said.append("stopped"))
        builder.start(str(python), tmp_path / "regions-data" / "sample")
        if stop:
            qtbot.waitUntil(lambda: bool(said), timeout=20_000)
            builder.stop()
        qtbot.waitUntil(lambda: not builder.running and bool(said), timeout=20_000)
        return said

    return run


def test_it_tells_how_far_it_is_and_leaves_a_whole_region(build, tmp_path):
    said = build('echo " 50%  Simulating the soil columns"; mkdir -p "$4"; echo whole > "$4/store"')
    folder = tmp_path / "regions-data" / "sample"
    assert said == [("Simulating the soil columns", 0.5), ("built", str(folder))]
    assert (folder / "store").read_text() == "whole\n"
    assert build("exit 9") == [("built", str(folder))], "what is there is taken as it is"


def test_what_fails_or_is_stopped_leaves_nothing(build, tmp_path):
    said = build('mkdir -p "$4"; echo "The disk is full."; exit 1')
    assert said == [("failed", "The disk is full.")]
    assert build('mkdir -p "$4"; echo " 10%  Weather"; sleep 60', stop=True)[-1] == "stopped"
    assert list((tmp_path / "regions-data").iterdir()) == []
    assert build("exec /no/such/program")[-1][0] == "failed"
