"""The package: what a wheel holds, what it says of itself, and that each extra names what its code imports."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from setuptools import Distribution
from setuptools.command.build_py import build_py
from setuptools.config.pyprojecttoml import apply_configuration

from tests.support.paths import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = ("registry", "scoring", "notifications", "feed", "portal", "demo")
LOCKS = {"base": "requirements.lock", **{name: f"requirements/{name}.lock" for name in EXTRAS if name != "demo"}}
NOT_IMPORTED = {"tzdata", "fastapi-offline"}
"""Packages of which only files are read."""

DEVELOPER = {"shared.cli.generate", "shared.cli.evidence_form"}
"""Run in a checkout only (`make docs`), with everything installed."""

DEMONSTRATION = {"shared.cli.demo"}


@pytest.fixture
def distribution(monkeypatch: pytest.MonkeyPatch) -> Distribution:
    monkeypatch.chdir(ROOT)
    return apply_configuration(Distribution({"script_name": "setup.py"}), ROOT / "pyproject.toml")


@pytest.fixture
def held(distribution: Distribution, tmp_path: Path) -> set[str]:
    """The files of a wheel, as setuptools would put them there."""
    command = distribution.get_command_obj("build_py")
    assert isinstance(command, build_py)
    command.build_lib = str(tmp_path)
    command.ensure_finalized()
    return {str(Path(each).relative_to(tmp_path)) for each in command.get_outputs(include_bytecode=False)}


def test_a_wheel_holds_every_file_that_the_code_needs(held: set[str]) -> None:
    wanted = {
        str(path.relative_to(ROOT))
        for folder in ("shared", "services")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    assert "services/scoring/catalogues/2026.1.yaml" in wanted
    assert sorted(wanted - held) == [], "name them under [tool.setuptools.package-data] in pyproject.toml"


def test_a_wheel_holds_no_tests_and_no_data_of_a_run(held: set[str]) -> None:
    assert {Path(each).parts[0] for each in held} == {"shared", "services"}


# --- What the package says of itself ---


def test_metadata_and_extras_are_what_setuptools_reads(distribution: Distribution) -> None:
    extras = distribution.extras_require

    assert set(extras) == {*EXTRAS, "all"}
    for name in EXTRAS:
        assert {_name(each) for each in extras[name]} == required(f"requirements/{name}.in")
    assert {_name(each) for each in extras["all"]} == {_name(each) for name in EXTRAS for each in extras[name]}
    assert {_name(each) for each in distribution.install_requires} == required("requirements.in")


def test_authors_keywords_classifiers_and_urls_are_there() -> None:
    project = PROJECT["project"]

    assert project["authors"]
    assert project["keywords"]
    assert {"Homepage", "Documentation", "Repository", "Issues", "Changelog"} <= project["urls"].keys()
    versions = {each.rpartition(" ")[2] for each in project["classifiers"] if ":: 3." in each}
    assert versions == {"3.11", "3.12", "3.13", "3.14"}


def test_every_requirement_has_a_lowest_version() -> None:
    lines = [
        line for path in ("requirements.in", *(f"requirements/{name}.in" for name in EXTRAS)) for line in _of(path)
    ]

    assert [line for line in lines if not re.search(r">=\d", line)] == []


# --- What the code imports ---


@pytest.mark.parametrize("name", EXTRAS)
def test_an_extra_names_what_its_code_imports_and_nothing_else(name: str) -> None:
    base, extra = required("requirements.in"), required(f"requirements/{name}.in")

    used = packages(reached(starts(name)))

    assert sorted(used - base - extra) == [], f"imported, but neither in requirements.in nor in requirements/{name}.in"
    assert sorted(extra - used) == [], f"in requirements/{name}.in, but not imported"
    assert sorted(extra & base) == []


def test_what_every_image_has_needs_no_extra() -> None:
    base = required("requirements.in")

    used = packages(reached(starts("base")))

    assert sorted(used - base) == [], "imported by the command line or the runtime, but not in requirements.in"
    everywhere = used.union(*(packages(reached(starts(name))) for name in EXTRAS))
    assert sorted(base - everywhere - NOT_IMPORTED) == [], "in requirements.in, but not imported"


def test_a_missing_package_is_one_sentence_and_no_stack_trace(tmp_path: Path) -> None:
    (tmp_path / "yaml.py").write_text("raise ModuleNotFoundError(\"No module named 'yaml'\", name='yaml')")
    run = [sys.executable, "-m", "shared.cli", "score", "-"]
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}:{ROOT}"}

    done = subprocess.run(run, input="{}", env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert done.stderr.count("\n") == 1, done.stderr
    assert "pip install 'satu-inovasi[all]'" in done.stderr


# --- The locks ---


@pytest.mark.parametrize("name", LOCKS)
def test_an_image_installs_what_its_service_needs_in_the_versions_that_are_tested(name: str) -> None:
    locked, tested = pins(LOCKS[name]), pins("requirements-dev.lock")
    extra = set() if name == "base" else required(f"requirements/{name}.in")
    others = {each for other in EXTRAS for each in required(f"requirements/{other}.in")} - extra

    assert required("requirements.in") | extra <= locked.keys(), "run `make lock`"
    assert {each: version for each, version in locked.items() if tested.get(each) != version} == {}, "run `make lock`"
    assert sorted(others & locked.keys()) == []


@pytest.mark.parametrize("lock", [*LOCKS.values(), "requirements-dev.lock"])
def test_a_lock_names_no_index_and_no_path(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")

    assert re.findall(r"https?://\S+|file:\S+|--(?:index-url|find-links|extra-index-url)\S*|/tmp\S*", text) == []


def starts(name: str) -> list[str]:
    """The modules of a service, of the demonstration, or of what every image has."""
    modules = sorted(SOURCES)
    if name == "demo":
        return [each for each in modules if each.startswith("shared.demo") or each in DEMONSTRATION]
    if name == "base":
        common = [each for each in modules if each.startswith(("shared.cli", "shared.runtime"))]
        return [each for each in common if each not in DEVELOPER | DEMONSTRATION]
    return [each for each in modules if each.startswith(f"services.{name}")]


def reached(modules: Iterable[str]) -> set[str]:
    """Names of all that these modules import, and what our own modules among them import in turn."""
    found: set[str] = set()
    todo = list(modules)
    while todo:
        module = todo.pop()
        if module in found:
            continue
        found.add(module)
        if module in SOURCES:
            todo += [each for each in imports(SOURCES[module]) if each not in DEMONSTRATION]
    return found


def imports(path: Path) -> Iterator[str]:
    """Every module that a file names in an import, also inside a function."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield node.module
            yield from (name for each in node.names if (name := f"{node.module}.{each.name}") in SOURCES)


def packages(modules: set[str]) -> set[str]:
    """The distributions that these modules come from, without our own and Python's."""
    known = packages_distributions()
    tops = {each.partition(".")[0] for each in modules} - {"shared", "services"} - sys.stdlib_module_names
    return {_canonical(known[top][0]) if top in known else top for top in tops}


def required(path: str) -> set[str]:
    """The packages that a requirements file names."""
    return {_name(line) for line in _of(path)}


def pins(path: str) -> dict[str, str]:
    """Package → version of a lock."""
    text = (ROOT / path).read_text(encoding="utf-8")
    found = re.findall(r"^([^\s=\[]+)(?:\[.*?\])?==(\S+)", text, re.MULTILINE)
    return {_canonical(name): version for name, version in found}


def _of(path: str) -> list[str]:
    lines = (ROOT / path).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith(("#", "-"))]


def _name(requirement: str) -> str:
    match = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert match is not None, requirement
    return _canonical(match[0])


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


SOURCES = {_module(path): path for folder in ("shared", "services") for path in (ROOT / folder).rglob("*.py")}
