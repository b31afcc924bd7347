"""Mutation testing of scoring's pure modules, by sample: one small change of one module at a time, then its tests.

    python -m tests.mutation.sampler [COUNT] [SEED] [MODULE…]        (make mutation)

A mutant is killed when a test fails. It changes a comparison, an arithmetic sign, `and`/`or`, `not`, a number, a
boolean, or `max`/`min`. Texts for people and docstrings are left alone. An import hook loads the mutated source instead
of the module in the process that runs the tests: no file is touched. Prints each survivor with its line; the score is
killed / all. Some survivors are equivalent mutants (no behaviour differs); they are counted as survivors.
"""

from __future__ import annotations

import ast
import copy
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.support.paths import ROOT

SCORING = ROOT / "services/scoring"
MODULES = (
    "catalogue.indicators catalogue.renumbering catalogue.scales rescore.report scorecard.eligibility scorecard.entry"
    " scorecard.findings scorecard.input scorecard.levels scorecard.next_step scorecard.rows scorecard.scorecard"
    " scorecard.totals"
)
TESTS = (
    "tests/unit/scoring/catalogue",
    "tests/unit/scoring/scorecard",
    "tests/unit/scoring/rescore",
    "tests/contract/cli",
)
LIMIT = 180  # seconds for one mutant; one that never ends counts as killed

_COMPARE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_SIGN: dict[type[ast.operator], type[ast.operator]] = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add}
_HOOK = """
import importlib.machinery, pathlib, sys, pytest
name, file, source = sys.argv[1:4]
class Loader(importlib.machinery.SourceFileLoader):
    def get_data(self, path):
        if path != file:
            raise OSError(path)
        return pathlib.Path(source).read_bytes()
class Finder:
    def find_spec(self, fullname, path, target=None):
        if fullname == name:
            spec = importlib.machinery.ModuleSpec(name, Loader(name, file), origin=file)
            spec.has_location = True
            return spec
sys.meta_path.insert(0, Finder())
sys.exit(pytest.main(["-x", "-q", "-p", "no:randomly", "-p", "no:cacheprovider", *sys.argv[4:]]))
"""


@dataclass(frozen=True)
class Mutant:
    """One changed module. where: file, line and the change."""

    module: str
    where: str
    source: str


def _file_of(module: str) -> Path:
    return SCORING / f"{module.replace('.', '/')}.py"


def mutants(module: str) -> Iterator[Mutant]:
    """Every mutant of a module."""
    tree = ast.parse(_file_of(module).read_text(encoding="utf-8"))
    for place, node in enumerate(ast.walk(tree)):
        for change in range(2):
            other = copy.deepcopy(tree)
            target = list(ast.walk(other))[place]
            if _mutate(target, change):
                line = getattr(node, "lineno", 0)
                yield Mutant(module, f"{module}.py:{line}: {_shown(node)} → {_shown(target)}", ast.unparse(other))


def killed(mutant: Mutant) -> bool:
    """Whether a test fails."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "mutant.py"
        source.write_text(mutant.source, encoding="utf-8")
        name = f"services.scoring.{mutant.module}"
        words = [sys.executable, "-c", _HOOK, name, str(_file_of(mutant.module)), str(source), *TESTS]
        env = {**os.environ, "HYPOTHESIS_STORAGE_DIRECTORY": folder, "PYTHONDONTWRITEBYTECODE": "1"}
        try:
            done = subprocess.run(words, cwd=ROOT, env=env, capture_output=True, timeout=LIMIT, check=False)
        except subprocess.TimeoutExpired:
            return True
    return done.returncode != 0


def _mutate(node: ast.AST, change: int) -> bool:
    """Change the node in place by its `change`-th way; False when it has none."""
    if isinstance(node, ast.Compare) and change == 0 and type(node.ops[0]) in _COMPARE:
        node.ops[0] = _COMPARE[type(node.ops[0])]()
    elif isinstance(node, ast.BinOp) and change == 0 and type(node.op) in _SIGN and not _is_type(node):
        node.op = _SIGN[type(node.op)]()
    elif isinstance(node, ast.BoolOp) and change == 0:
        node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not) and change == 0:
        node.operand = ast.UnaryOp(ast.Not(), node.operand)
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool) and change == 0:
        node.value = not node.value
    elif isinstance(node, ast.Constant) and type(node.value) is int:
        node.value += 1 if change == 0 else -1
    elif isinstance(node, ast.Name) and node.id in {"max", "min"} and change == 0:
        node.id = "min" if node.id == "max" else "max"
    else:
        return False
    return True


def _is_type(node: ast.BinOp) -> bool:
    return any(isinstance(each, ast.JoinedStr) for each in ast.walk(node))


def _shown(node: ast.AST) -> str:
    return ast.unparse(node).replace("\n", " ")[:80]


def main() -> int:
    """Sample, test, print. The exit status is 1 for a score below 80 %."""
    count, seed = (*sys.argv[1:3], *("40", "1")[len(sys.argv[1:3]) :])
    found = [mutant for module in sys.argv[3:] or MODULES.split() for mutant in mutants(module)]
    sample = random.Random(seed).sample(found, min(int(count), len(found)))
    for module in sorted({mutant.module for mutant in sample}):
        if killed(Mutant(module, module, _file_of(module).read_text(encoding="utf-8"))):
            print(f"{module}: the tests fail without any change; no score")
            return 2
    dead = 0
    for mutant in sample:
        if killed(mutant):
            dead += 1
        else:
            print(f"survived: {mutant.where}", flush=True)
    print(f"{dead} of {len(sample)} killed ({dead / len(sample):.0%}); {len(found)} mutants in all, seed {seed}")
    return int(dead < 0.8 * len(sample))


if __name__ == "__main__":
    sys.exit(main())
