"""What the code imports and calls, read from its syntax trees: nothing is run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.support.paths import ROOT


@dataclass(frozen=True)
class Source:
    """One module. name: dotted; imports: every module named anywhere in it, also within functions; top: those that are
    imported when the module is; uses: dotted names that it reads or calls, as far as one can see."""

    name: str
    path: Path
    imports: frozenset[str]
    uses: frozenset[str]

    @property
    def package(self) -> str:
        return self.name.split(".", maxsplit=1)[0]

    @property
    def service(self) -> str | None:
        parts = self.name.split(".")
        return parts[1] if parts[0] == "services" and len(parts) > 1 else None

    def reaches(self, *modules: str) -> set[str]:
        """Those of its imports that are these modules or lie below them."""
        return {each for each in self.imports for module in modules if each == module or each.startswith(f"{module}.")}


@cache
def sources() -> tuple[Source, ...]:
    return tuple(
        read(path, ROOT)
        for folder in ("shared", "services")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "__pycache__" not in path.parts
    )


def read(path: Path, root: Path) -> Source:
    parts = path.relative_to(root).with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    tree = ast.parse(path.read_text())
    return Source(name, path, frozenset(_imports(tree, parts)), frozenset(_uses(tree)))


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
