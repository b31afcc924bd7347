"""The list of revoked tokens, and the gate that reads it."""

from __future__ import annotations

import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt
import pytest

from shared.auth import gates, issuers, keys
from shared.auth.gates import KeyFolderGate
from shared.auth.keys import Grant
from shared.auth.policy import Role
from shared.auth.revoked import NAME, read_revoked, revoke
from shared.auth.signing import SigningKey
from shared.clock import Clock
from shared.faults import Invalid, Unauthenticated

OPERATOR = Grant("operator", Role.OPERATOR)
LATER = datetime(2100, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def access(tmp_path: Path) -> Path:
    keys.init(tmp_path, tmp_path / "access")
    return tmp_path / "access"


@pytest.fixture
def read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gates, "_RELOAD_AFTER", 0.0)


def jti_of(token: str) -> str:
    return str(jwt.decode(token, options={"verify_signature": False})["jti"])


@pytest.mark.usefixtures("read_at_once")
async def test_a_revoked_token_is_refused_and_others_of_the_same_account_are_not(tmp_path: Path, access: Path) -> None:
    gate = KeyFolderGate(access)
    lost, kept = keys.issue(tmp_path, OPERATOR, HOUR), keys.issue(tmp_path, OPERATOR, HOUR)
    assert (await gate.enter(lost)).jti == jti_of(lost)

    assert revoke(access, jti_of(lost), LATER)

    with pytest.raises(Unauthenticated, match="dicabut"):
        await gate.enter(lost)
    assert (await gate.enter(kept)).jti == jti_of(kept)


@pytest.mark.usefixtures("read_at_once")
async def test_what_was_revoked_stays_revoked_while_the_list_cannot_be_read(tmp_path: Path, access: Path) -> None:
    gate, lost = KeyFolderGate(access), keys.issue(tmp_path, OPERATOR, HOUR)
    revoke(access, jti_of(lost), LATER)
    with pytest.raises(Unauthenticated):
        await gate.enter(lost)
    (access / NAME).unlink()
    (access / NAME).mkdir()  # not even root can read it as a file

    with pytest.raises(Unauthenticated):
        await gate.enter(lost)


@pytest.mark.usefixtures("read_at_once")
async def test_a_line_that_cannot_be_read_does_not_free_the_other_tokens(tmp_path: Path, access: Path) -> None:
    gate, lost = KeyFolderGate(access), keys.issue(tmp_path, OPERATOR, HOUR)
    (access / NAME).write_text(f"what is this\n\n{jti_of(lost)} 2100-01-01\n")

    with pytest.raises(Unauthenticated):
        await gate.enter(lost)
    assert read_revoked(access)[1] == ["line 1 is not `<jti> <expiry>`"]


@pytest.mark.parametrize(("days", "accepted"), [(366, True), (367, False)])
async def test_the_longest_lifetime_is_checked_where_the_token_is_used(
    tmp_path: Path, access: Path, days: int, accepted: bool
) -> None:
    patient = replace(issuers.OPERATOR, longest=timedelta(days=9999))
    token = keys.signed(SigningKey.read(keys.private_path(tmp_path)), patient, OPERATOR, timedelta(days=days))
    gate = KeyFolderGate(access)

    if accepted:
        assert (await gate.enter(token)).role is Role.OPERATOR
    else:
        with pytest.raises(Unauthenticated, match="366"):
            await gate.enter(token)


async def test_a_token_without_an_id_is_accepted_until_it_expires(
    tmp_path: Path, access: Path, former_token: Callable[[Path], str]
) -> None:
    principal = await KeyFolderGate(access).enter(former_token(tmp_path))

    assert (principal.id, principal.jti) == ("operator", None)


def test_the_list_keeps_each_token_until_it_has_expired(access: Path) -> None:
    now = Clock.machine()
    revoke(access, "expired-long-ago", now - timedelta(days=30))
    revoke(access, "still-valid", now + HOUR)

    assert revoke(access, "another-one", now + HOUR)
    assert not revoke(access, "another-one", now + HOUR)

    assert read_revoked(access)[0].keys() == {"still-valid", "another-one"}
    assert stat.S_IMODE((access / NAME).stat().st_mode) == 0o644


@pytest.mark.parametrize("jti", ["", "short", "two words here", "x" * 129, "line\nbreak-in-it"])
def test_an_id_that_no_token_has_is_refused(access: Path, jti: str) -> None:
    with pytest.raises(Invalid):
        revoke(access, jti, LATER)

    assert not (access / NAME).exists()
