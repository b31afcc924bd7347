"""A missing or empty secret stops the service that needs it, and is named; existing secrets are never overwritten."""

from __future__ import annotations

import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.containers.compose import Compose
from tests.support.paths import ROOT


@pytest.fixture
def apart(images: str, tmp_path: Path) -> Iterator[Compose]:
    """A project of its own that is not started."""
    compose = Compose(f"satu-secrets-{tmp_path.name[-12:].lower().strip('_-')}", tmp_path / "apart", version=images)
    yield compose
    compose.down(volumes=True)


@pytest.mark.parametrize(
    ("service", "secret"),
    [
        ("registry", "registry_store_url"),
        ("scoring", "scoring_bus_url"),
        ("notifications", "smtp_url"),
        ("notifications", "access"),
        ("topology", "rabbitmq_scoring"),
        ("rabbitmq", "rabbitmq_admin"),
        ("mongo", "mongodb_admin"),
    ],
)
def test_a_missing_secret_lets_nothing_start_and_is_named(apart: Compose, service: str, secret: str) -> None:
    (apart.secrets / secret).rename(apart.secrets / "elsewhere")

    done = apart("up", "--no-deps", "--no-build", "--detach", service, check=False)

    assert done.returncode != 0
    assert f"secrets/{secret}" in done.stderr + done.stdout
    assert apart.containers() == []


@pytest.mark.parametrize(
    ("service", "secret"),
    [
        ("registry", "registry_store_url"),
        ("scoring", "scoring_bus_url"),
        ("notifications", "smtp_url"),
        ("topology", "rabbitmq_tail"),
        ("rabbitmq", "rabbitmq_admin"),
    ],
)
def test_an_empty_secret_ends_the_process_which_names_it(apart: Compose, service: str, secret: str) -> None:
    (apart.secrets / secret).unlink()
    (apart.secrets / secret).touch()

    done = apart("run", "--rm", "--no-deps", "-T", service, check=False)

    assert done.returncode != 0
    assert secret in done.stderr + done.stdout


def test_secrets_are_made_once_for_their_owner_alone(tmp_path: Path) -> None:
    def make() -> str:
        command = [str(ROOT / "deploy/make-secrets"), "secrets"]
        return subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True).stdout

    def mode(path: Path) -> int:
        return stat.S_IMODE(path.stat().st_mode)

    make()
    folder = tmp_path / "secrets"
    first = {each: each.read_bytes() for each in folder.rglob("*") if each.is_file()}
    (folder / "smtp_url").unlink()

    assert "1 new files" in make()
    assert {each: each.read_bytes() for each in folder.rglob("*") if each.is_file()} == first
    assert mode(folder) == mode(folder / "operator") == 0o700
    assert mode(folder / "operator" / "token.key") == 0o600
    assert {mode(each) for each in first if each.parent != folder / "operator"} == {0o444}
    passwords = [text for path, text in first.items() if path.name.startswith(("rabbitmq_", "mongodb_"))]
    assert len(set(passwords)) == len(passwords) == 9
    assert all(len(each.strip()) == 48 for each in passwords)
