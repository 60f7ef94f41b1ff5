"""Who imports whom in a package, by file and by room, and the circles in it.

Needs ``grimp``, so it runs in the engine's Python. Every ``import`` counts: those inside functions and those under
``TYPE_CHECKING`` too. A room is a folder or a single file directly below the package.
"""

from __future__ import annotations

from collections.abc import Mapping

Graph = dict[str, set[str]]


def files(package: str) -> Graph:
    """The modules of ``package``, each with the modules of the same package that it imports."""
    import grimp

    found = grimp.build_graph(package, cache_dir=None)
    return {module: {other for other in found.find_modules_directly_imported_by(module) if other != module}
            for module in found.modules}


def rooms(graph: Mapping[str, set[str]]) -> Graph:
    """The same graph between rooms: ``deepsoil.store.tiles`` belongs to ``deepsoil.store``."""
    result: Graph = {}
    for module, imported in graph.items():
        room = _room(module)
        result.setdefault(room, set()).update(_room(other) for other in imported if _room(other) != room)
    return result


def _room(module: str) -> str:
    return ".".join(module.split(".")[:2])


def circles(graph: Mapping[str, set[str]]) -> list[list[str]]:
    """The strongly connected parts with more than one member, each sorted, the largest first (Tarjan 1972)."""
    index: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(node: str) -> None:
        index[node] = lowest[node] = len(index)
        stack.append(node)
        for other in sorted(graph.get(node, ())):
            if other not in index:
                visit(other)
                lowest[node] = min(lowest[node], lowest[other])
            elif other in stack:
                lowest[node] = min(lowest[node], index[other])
        if lowest[node] == index[node]:
            part = stack[stack.index(node):]
            del stack[stack.index(node):]
            if len(part) > 1:
                found.append(sorted(part))

    for node in sorted(graph):
        if node not in index:
            visit(node)
    return sorted(found, key=lambda part: (-len(part), part))
