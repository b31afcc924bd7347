"""Where the portal's key comes from, and what `satu doctor` says of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.portal.accounts.key import PortalKey
from services.portal.doctor import checks
from shared.auth.issuers import PORTAL
from shared.auth.signing import SigningKey
from shared.faults import Misconfigured
from shared.settings import Settings, load


def settings(data: Path, **variables: str) -> Settings:
    return load(variables, data_dir=data)


def test_without_a_secret_the_pair_is_made_once(tmp_path: Path) -> None:
    first = PortalKey(settings(tmp_path))
    first.prepare()
    again = PortalKey(settings(tmp_path))
    again.prepare()

    assert again.load().kid == first.load().kid
    assert (tmp_path / "access/portal" / f"{first.load().kid}.pub").exists()


def test_a_secret_is_used_and_nothing_is_written(tmp_path: Path) -> None:
    secret = tmp_path / "portal_key"
    SigningKey.generate().write(secret)
    key = PortalKey(settings(tmp_path / "data", PORTAL_KEY_FILE=str(secret)))
    key.prepare()

    assert key.load().kid == SigningKey.read(secret).kid
    assert not (tmp_path / "data").exists()


def test_a_broken_secret_keeps_the_portal_from_starting_and_is_not_shown(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="PORTAL_KEY") as caught:
        PortalKey(settings(tmp_path, PORTAL_KEY="hunter2")).prepare()
    assert "hunter2" not in str(caught.value)


def test_a_folder_that_cannot_be_written_names_the_secret(tmp_path: Path) -> None:
    (tmp_path / "data").touch()

    with pytest.raises(Misconfigured, match="PORTAL_KEY_FILE"):
        PortalKey(settings(tmp_path / "data")).prepare()


async def test_the_doctor_finds_a_public_half_that_is_missing(tmp_path: Path) -> None:
    here = settings(tmp_path)
    lacking, *_ = await checks(here)
    PortalKey(here).prepare()
    found, *rest = await checks(here)
    (PORTAL.public_folder(here.keys) / f"{PortalKey(here).load().kid}.pub").unlink()
    refused, *_ = await checks(here)

    assert (lacking.passed, found.passed, refused.passed) == (True, True, False)
    assert "none yet" in lacking.found
    assert "refuse the tokens" in refused.found
    assert all(each.passed for each in rest)
