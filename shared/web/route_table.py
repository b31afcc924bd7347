"""Finds the routes of a path by its segments, instead of trying every route's pattern."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from starlette.routing import Match
from starlette.types import Scope

_PARAMETER = re.compile(r"^\{([A-Za-z_]\w*)\}$")


class Matching(Protocol):
    """What the table needs of a route."""

    @property
    def path(self) -> str:
        """Below the mount, with parameters in braces."""

    @property
    def methods(self) -> frozenset[str]:
        """That it answers."""

    @property
    def matches(self) -> Callable[[Scope], tuple[Match, Scope]]:
        """As of Starlette's routes."""


R = TypeVar("R", bound=Matching)


@dataclass
class _Node(Generic[R]):
    """What follows a part of a path. routes: that end here, with their places in the order of declaration."""

    literal: dict[str, _Node[R]] = field(default_factory=dict)
    parameter: _Node[R] | None = None
    routes: list[tuple[int, R]] = field(default_factory=list)


class RouteTable(Generic[R]):
    """The routes of an application. Of several routes for a path and method the one that was declared first counts, as
    for Starlette's router.

    A route whose pattern is not one literal or one parameter between two slashes is found by its pattern.
    """

    def __init__(self, routes: Sequence[R]) -> None:
        self._root: _Node[R] = _Node()
        self._by_pattern: list[tuple[int, R]] = []
        for place, route in enumerate(routes):
            segments = route.path.split("/")
            if any("{" in each and not _PARAMETER.match(each) for each in segments):
                self._by_pattern.append((place, route))
                continue
            node = self._root
            for segment in segments:
                if "{" not in segment:
                    node = node.literal.setdefault(segment, _Node())
                    continue
                if node.parameter is None:
                    node.parameter = _Node()
                node = node.parameter
            node.routes.append((place, route))

    def find(self, path: str, scope: Scope) -> tuple[R | None, set[str]]:
        """The route of a request; without one, the methods that its path supports. path: below the mount."""
        found = self._of(path)
        found += [each for each in self._by_pattern if each[1].matches(scope)[0] is not Match.NONE]
        if len(found) > 1:
            found.sort(key=_place)
        method = scope["method"]
        for _, route in found:
            if method in route.methods:
                return route, set()
        return None, {method for _, route in found for method in route.methods}

    def _of(self, path: str) -> list[tuple[int, R]]:
        nodes = [self._root]
        for segment in path.split("/"):
            following = [node.literal[segment] for node in nodes if segment in node.literal]
            if segment:
                following += [node.parameter for node in nodes if node.parameter is not None]
            nodes = following
        return [each for node in nodes for each in node.routes]


def _place(entry: tuple[int, object]) -> int:
    return entry[0]


def path_below_mount(scope: Scope) -> str:
    """The part of a request's path that an application's own routes begin with."""
    root: str = scope.get("root_path", "")
    path: str = scope["path"]
    return path[len(root) :] if root and (path == root or path.startswith(f"{root}/")) else path


def values_in(path: str, pattern: str) -> Mapping[str, str]:
    """The values of a pattern's parameters in a path that it matches; each is one whole segment."""
    pairs = zip(pattern.split("/"), path.split("/"), strict=True)
    return {name[1:-1]: value for name, value in pairs if name.startswith("{")}
