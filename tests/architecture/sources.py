"""What the code imports and calls, read from its syntax trees. Nothing is run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.support.paths import ROOT


@dataclass(frozen=True)
class Source:
    """One module. name: dotted; imports: every module that is named anywhere in it, also within functions; uses: the
    dotted names that it reads or calls, as far as the syntax shows."""

    name: str
    path: Path
    imports: frozenset[str]
    uses: frozenset[str]

    @property
    def top(self) -> str:
        """`shared` or `services`."""
        return self.name.split(".", maxsplit=1)[0]

    @property
    def service(self) -> str | None:
        """The service that it belongs to."""
        parts = self.name.split(".")
        return parts[1] if parts[0] == "services" and len(parts) > 1 else None

    def reaches(self, *modules: str) -> set[str]:
        """Those of its imports that are one of `modules` or below one."""
        return {each for each in self.imports for module in modules if each == module or each.startswith(f"{module}.")}


@cache
def sources() -> tuple[Source, ...]:
    """Every module of `shared` and `services`."""
    return tuple(
        read(path, ROOT)
        for folder in ("shared", "services")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "__pycache__" not in path.parts
    )


def read(path: Path, root: Path) -> Source:
    """One module of the tree below `root`."""
    parts = path.relative_to(root).with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    tree = ast.parse(path.read_text())
    return Source(name, path, frozenset(_imports(tree, parts)), frozenset(_uses(tree)))


def crowded_folders(root: Path, most: int) -> dict[str, int]:
    """The folders of `services`, `shared` and `tests` that hold more than `most` modules, and how many each holds;
    `__init__.py` is not counted."""
    counts: dict[str, int] = {}
    for top in ("services", "shared", "tests"):
        for path in (root / top).rglob("*.py"):
            if path.name != "__init__.py" and "__pycache__" not in path.parts:
                folder = path.parent.relative_to(root).as_posix()
                counts[folder] = counts.get(folder, 0) + 1
    return {folder: count for folder, count in counts.items() if count > most}


def _imports(tree: ast.AST, parts: tuple[str, ...]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(parts[: -node.level]) if node.level else ""
            module = ".".join(part for part in (base, node.module or "") if part)
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def _uses(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            name = _dotted(node)
            if name is not None:
                yield name


def _dotted(node: ast.expr) -> str | None:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = _dotted(node.value)
        return None if before is None else f"{before}.{node.attr}"
    return None
