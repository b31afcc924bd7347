"""A missing or empty secret stops the service that needs it, and is named; existing secrets are never overwritten."""

from __future__ import annotations

import json
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.containers.compose import Compose
from tests.support.paths import ROOT

pytestmark = pytest.mark.drawn(6)


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


CHANNELS = {
    "whatsapp_token": {"WHATSAPP_TOKEN", "WHATSAPP_APP_SECRET", "WHATSAPP_VERIFY_TOKEN"},
    "fonnte_token": {"FONNTE_TOKEN"},
    "bounce_imap_url": {"BOUNCE_IMAP_URL"},
}
"""The secret that adds a channel's file, and the variables that notifications is given then."""


def channels_of(project: Compose) -> set[str]:
    """The variables of optional channels that notifications is given as files, each of which is mounted."""
    notifications = json.loads(project("config", "--format", "json").stdout)["services"]["notifications"]
    mounted = {each["target"] for each in notifications["secrets"]}
    wanted = set().union(*CHANNELS.values())
    given = {name.removesuffix("_FILE"): value for name, value in notifications["environment"].items()}
    assert {given[name] for name in wanted & given.keys()} <= mounted
    return wanted & given.keys()


@pytest.mark.parametrize("secret", CHANNELS)
def test_a_channel_is_there_while_its_secret_is(apart: Compose, secret: str) -> None:
    assert channels_of(apart) == set()
    for name in (secret, "whatsapp_app_secret"):
        (apart.secrets / name).write_text("x")
    with (apart.folder / ".env").open("a") as settings:
        settings.write("WHATSAPP_PHONE_NUMBER_ID=1\n")

    apart.make_secrets()

    assert channels_of(apart) == CHANNELS[secret]
    assert {stat.S_IMODE((apart.secrets / name).stat().st_mode) for name in (secret, "smtp_url")} == {0o444}

    (apart.secrets / secret).unlink()
    apart.make_secrets()

    assert channels_of(apart) == set()


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
    assert len(set(passwords)) == len(passwords) == 13
    assert all(len(each.strip()) == 48 for each in passwords)
