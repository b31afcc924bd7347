"""Sessions that end, and the tokens that they get until then."""

from __future__ import annotations

from pathlib import Path

import jwt
import pytest

from services.portal.accounts import tokens
from services.portal.accounts.application import Accounts
from services.portal.accounts.session import id_of
from shared.auth.gates import gate_of
from shared.auth.policy import Role
from shared.faults import Forbidden, Unauthenticated
from shared.settings import load
from tests.support.accounts.office import AGENCY, ANOTHER, HERE, PASSWORD, REGION, person

EMAIL = "siti@dinas.example"


async def signed_in(accounts: Accounts) -> str:
    """The id of a new session."""
    return id_of((await accounts.signing_in.by_password(EMAIL, PASSWORD, HERE)).cookie)


async def test_a_session_gets_a_token_that_services_accept_with_the_account_s_scope(
    accounts: Accounts, tmp_path: Path
) -> None:
    account = await person(accounts, EMAIL, Role.AGENCY)
    token = await accounts.tokens.token_for(await signed_in(accounts))

    principal = await gate_of(load({}, data_dir=tmp_path / "data")).enter(token)
    claims = jwt.decode(token, options={"verify_signature": False})
    assert (principal.id, principal.role, principal.region) == (account.id, Role.AGENCY, REGION)
    assert principal.agencies == {AGENCY}
    assert claims["exp"] - claims["iat"] == 300
    assert set(claims) == {"iss", "aud", "sub", "role", "region", "agencies", "jti", "iat", "exp"}


async def test_a_token_is_kept_for_four_minutes(accounts: Accounts, monkeypatch: pytest.MonkeyPatch) -> None:
    await person(accounts, EMAIL)
    session = await signed_in(accounts)
    first = await accounts.tokens.token_for(session)
    assert await accounts.tokens.token_for(session) == first

    now = tokens.machine_ms() + 240_000
    monkeypatch.setattr(tokens, "machine_ms", lambda: now)
    assert await accounts.tokens.token_for(session) != first


async def test_a_changed_account_gets_another_token_at_once(accounts: Accounts) -> None:
    account = await person(accounts, EMAIL, Role.AGENCY)
    session = await signed_in(accounts)
    await accounts.tokens.token_for(session)
    await accounts.managing.describe(account.id, "Siti", EMAIL, ("another-agency",))

    claims = jwt.decode(await accounts.tokens.token_for(session), options={"verify_signature": False})
    assert claims["agencies"] == ["another-agency"]


@pytest.mark.parametrize("end", ["session", "sign-out", "close", "password", "reset", "erase"])
async def test_a_session_that_ends_gets_no_further_token(accounts: Accounts, end: str) -> None:
    account = await person(accounts, EMAIL)
    session = await signed_in(accounts)
    await accounts.tokens.token_for(session)

    if end == "session":
        assert await accounts.sessions.end(session)
    elif end == "sign-out":
        await accounts.managing.sign_out(account.id)
    elif end == "close":
        await accounts.managing.close(account.id)
    elif end == "password":
        await accounts.managing.change_password(account.id, ANOTHER)
    elif end == "reset":
        link = await accounts.resetting.link(account.id, "op")
        await accounts.resetting.choose(link.rpartition("=")[2], ANOTHER)
    else:
        await accounts.personal_data._erase_account(account.id)

    with pytest.raises(Unauthenticated):
        await accounts.tokens.token_for(session)
    assert session not in accounts.tokens._kept


async def test_an_operator_of_the_portal_gets_no_token(accounts: Accounts) -> None:
    await person(accounts, EMAIL, Role.OPERATOR)

    with pytest.raises(Forbidden):
        await accounts.tokens.token_for(await signed_in(accounts))


async def test_the_list_of_sessions_has_the_open_ones_and_ending_one_leaves_the_others(accounts: Accounts) -> None:
    account = await person(accounts, EMAIL)
    ids = [await signed_in(accounts) for _ in range(3)]
    await accounts.sessions.end(ids[1])

    found = await accounts.sessions.of_account(account)
    assert {each.id for each in found} == {ids[0], ids[2]}
    assert {each.value.device for each in found} == {"Firefox, Linux"}
    listed, _ = await accounts.sessions.page(limit=50, after=None)
    assert {each.id for each, _ in listed} == {ids[0], ids[2]}
    assert not await accounts.sessions.end(ids[1])
    assert not await accounts.sessions.end("unknown")


async def test_no_session_is_in_a_backup_or_survives_a_restore() -> None:
    from services.portal.kinds import REBUILT  # noqa: PLC0415 - the portal's own answer

    assert {"session", "password_reset", "sign_in_lock"} <= set(REBUILT)
    assert not {"account", "invitation", "account_address"} & set(REBUILT)
