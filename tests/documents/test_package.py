"""What a wheel of the project holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from setuptools import Distribution
from setuptools.command.build_py import build_py
from setuptools.config.pyprojecttoml import apply_configuration

from tests.support.paths import ROOT


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> set[str]:
    """The files of a wheel, as setuptools would put them there."""
    monkeypatch.chdir(ROOT)
    distribution = apply_configuration(Distribution({"script_name": "setup.py"}), ROOT / "pyproject.toml")
    command = distribution.get_command_obj("build_py")
    assert isinstance(command, build_py)
    command.build_lib = str(tmp_path)
    command.ensure_finalized()
    return {str(Path(each).relative_to(tmp_path)) for each in command.get_outputs(include_bytecode=False)}


def test_a_wheel_holds_every_file_that_the_code_stands_on(held: set[str]) -> None:
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
