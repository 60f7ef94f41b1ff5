"""How the work of a job is divided: all of it, each part once, and what one process has to do alone is one task."""

from __future__ import annotations

import pytest
from deepsoil.contract.options import SimulateOptions
from deepsoil.jobs.tasks import merge
from deepsoil.kinds.simulate import SimulationTasks
from deepsoil.labels.simulate import parse_share


@pytest.mark.parametrize("most", [1, 2, 19])
def test_a_simulation_is_divided_into_parts_that_are_all_of_it(most: int) -> None:
    tasks = SimulationTasks("Simulation", SimulateOptions()).tasks(most)
    assert [task.index for task in tasks] == list(range(most))
    shares = [parse_share(SimulateOptions(**task.payload).shard or "") for task in tasks]
    assert shares == [(part, most) for part in range(1, most + 1)]


@pytest.mark.parametrize("alone", [{"restart": True}, {"shard": "2/3"}, {"sample": {"pixels": 10, "year": 2020}}])
def test_what_one_process_has_to_do_alone_is_one_task(alone: dict[str, object]) -> None:
    (task,) = SimulationTasks("Simulation", SimulateOptions.model_validate(alone)).tasks(19)
    assert (task.index, task.payload) == (0, {})


@pytest.mark.parametrize(("count", "end"), [(1, "0"), (20, "19"), (21, "19 …"), (500, "19 …")])
def test_of_many_tasks_without_a_result_twenty_are_named(count: int, end: str) -> None:
    problem = merge._missing(range(count))
    numbers = problem.text.partition(": ")[2].partition(". The outputs")[0]
    assert problem.code == "results_missing" and numbers.split(", ")[-1] == end
    assert numbers.split(", ")[0].split()[0] == "0" and len(numbers.split(", ")) == min(count, 20)
