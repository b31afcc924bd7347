"""`make secrets` and the mail sandbox of the compose file."""

from __future__ import annotations

import subprocess
from pathlib import Path

import yaml

from tests.support.paths import ROOT


def profiles(folder: Path) -> set[str]:
    """The compose profiles that `.env` turns on."""
    lines = (folder / ".env").read_text().splitlines()
    (line,) = [each for each in lines if each.startswith("COMPOSE_PROFILES=")]
    return set(filter(None, line.partition("=")[2].split(",")))


def make_secrets(folder: Path) -> None:
    subprocess.run([ROOT / "deploy/make-secrets", "secrets"], cwd=folder, check=True, capture_output=True, timeout=60)


def test_the_mail_sandbox_is_on_until_a_real_server_is_named(tmp_path: Path) -> None:
    make_secrets(tmp_path)
    first = profiles(tmp_path)
    (tmp_path / ".env").write_text("HTTP_PORT=8081\nCOMPOSE_PROFILES=tools,mail-sandbox\n")
    (tmp_path / "secrets/smtp_url").unlink()
    (tmp_path / "secrets/smtp_url").write_text("starttls://user:password@mail.example:587\n")
    make_secrets(tmp_path)

    assert first == {"mail-sandbox"}
    assert profiles(tmp_path) == {"tools"}
    assert "HTTP_PORT=8081" in (tmp_path / ".env").read_text().splitlines()


def test_only_the_profile_starts_the_sandbox_and_nothing_waits_for_it() -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]

    assert services["maildev"]["profiles"] == ["mail-sandbox"]
    assert [name for name, each in services.items() if "maildev" in each.get("depends_on", {})] == []
