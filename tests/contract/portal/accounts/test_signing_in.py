from __future__ import annotations

import asyncio

import pyotp
import pytest

from services.portal.accounts.application import Accounts
from services.portal.accounts.kinds import LOCK
from services.portal.accounts.proofs import second_factor
from services.portal.accounts.refusals import Locked, WrongCredentials
from services.portal.accounts.session import ABSOLUTE, IDLE, Session, Step, id_of
from services.portal.accounts.signing_in import MOST_FAILURES, Client
from shared.auth.policy import Role
from shared.clock import machine_ms
from shared.faults import QuotaSpent
from shared.ports.store import Store
from shared.storage.models import replaced
from shared.storage.steps import without_event
from tests.support.accounts.office import AGENCY, ANOTHER, HERE, PASSWORD, REGION, person

EMAIL = "siti@dinas.example"


async def test_the_right_password_opens_a_session_with_the_account_s_scope(accounts: Accounts) -> None:
    account = await person(accounts, EMAIL, Role.AGENCY)

    begun = await accounts.signing_in.by_password(" SITI@dinas.example ", PASSWORD, HERE, "/opd/inovasi")
    who = await accounts.sessions.of(begun.cookie)

    assert (begun.step, begun.onward) == (Step.OPEN, "/opd/inovasi")
    assert who is not None
    assert (who.account, who.role, who.region, who.agencies) == (account.id, Role.AGENCY, REGION, (AGENCY,))
    assert who.session == id_of(begun.cookie) != begun.cookie, "whoever reads the store has no cookie"


@pytest.mark.parametrize(
    ("email", "password"), [(EMAIL, ANOTHER), ("nobody@dinas.example", PASSWORD), ("", ""), ("x", "y")]
)
async def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
    accounts: Accounts, email: str, password: str
) -> None:
    await person(accounts, EMAIL)

    with pytest.raises(WrongCredentials):
        await accounts.signing_in.by_password(email, password, HERE)


@pytest.mark.parametrize("email", [EMAIL, "nobody@dinas.example"])
async def test_an_address_is_locked_after_five_failures_whether_or_not_it_has_an_account(
    accounts: Accounts, email: str
) -> None:
    await person(accounts, EMAIL)
    for _ in range(5):
        with pytest.raises(WrongCredentials):
            await accounts.signing_in.by_password(email, ANOTHER, HERE)

    with pytest.raises(Locked):
        await accounts.signing_in.by_password(email, PASSWORD, Client("198.51.100.1"))


async def test_tries_at_once_are_counted_before_they_are_looked_at(accounts: Accounts) -> None:
    await person(accounts, EMAIL)

    done = await asyncio.gather(
        *(accounts.signing_in.by_password(EMAIL, f"{ANOTHER}{each}", HERE) for each in range(20)),
        return_exceptions=True,
    )

    assert sum(isinstance(each, WrongCredentials) for each in done) == 5
    assert sum(isinstance(each, Locked) for each in done) == 15


async def test_the_right_password_forgives_the_wrong_ones(accounts: Accounts, store: Store) -> None:
    await person(accounts, EMAIL)
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(WrongCredentials):
                await accounts.signing_in.by_password(EMAIL, ANOTHER, HERE)
        await accounts.signing_in.by_password(EMAIL, PASSWORD, HERE)

    locks = [row async for row in store.scan(LOCK.name, {}, ("failures",))]
    assert [row["failures"] for row in locks] == [0]
    assert EMAIL not in str(locks), "a lock does not name the address"


async def test_a_network_that_fails_too_often_waits(accounts: Accounts) -> None:
    for number in range(MOST_FAILURES):
        accounts.signing_in._limiter.count(HERE.address)
        assert number < MOST_FAILURES

    with pytest.raises(QuotaSpent):
        await accounts.signing_in.by_password(EMAIL, PASSWORD, HERE)


async def test_a_closed_account_is_refused_as_a_wrong_password_is_and_its_sessions_are_over(accounts: Accounts) -> None:
    account = await person(accounts, EMAIL)
    begun = await accounts.signing_in.by_password(EMAIL, PASSWORD, HERE)
    await accounts.managing.close(account.id)

    assert await accounts.sessions.of(begun.cookie) is None
    with pytest.raises(WrongCredentials):
        await accounts.signing_in.by_password(EMAIL, PASSWORD, HERE)
    await accounts.managing.open(account.id)
    assert await accounts.sessions.of(begun.cookie) is None
    assert await accounts.sessions.of((await accounts.signing_in.by_password(EMAIL, PASSWORD, HERE)).cookie)


@pytest.mark.parametrize("cookie", [None, "", "unknown", "x" * 5000, "0" * 43])
async def test_an_unknown_cookie_is_nobody_s(accounts: Accounts, cookie: str | None) -> None:
    assert await accounts.sessions.of(cookie) is None


@pytest.mark.parametrize(
    ("field", "before"), [("seen_at", IDLE), ("until", None)], ids=["idle for eight hours", "older than seven days"]
)
async def test_a_session_runs_out(accounts: Accounts, field: str, before: object) -> None:
    await person(accounts, EMAIL)
    begun = await accounts.signing_in.by_password(EMAIL, PASSWORD, HERE)
    past = machine_ms() - int(IDLE.total_seconds() * 1000) if before else machine_ms()

    def aged(session: Session) -> Session:
        return replaced(session, **{field: past})

    await accounts.sessions._sessions.amend(id_of(begun.cookie), None, without_event(aged))
    assert await accounts.sessions.of(begun.cookie) is None
    assert ABSOLUTE > IDLE


async def test_that_a_session_is_used_is_noted_now_and_then(accounts: Accounts) -> None:
    await person(accounts, EMAIL)
    begun = await accounts.signing_in.by_password(EMAIL, PASSWORD, HERE)
    id = id_of(begun.cookie)
    first = await accounts.sessions._sessions.get(id)
    assert await accounts.sessions.of(begun.cookie)
    assert (await accounts.sessions._sessions.get(id)).sequence == first.sequence

    long_ago = first.value.seen_at - 400_000
    await accounts.sessions._sessions.amend(id, None, without_event(lambda it: replaced(it, seen_at=long_ago)))
    assert await accounts.sessions.of(begun.cookie)
    assert (await accounts.sessions._sessions.get(id)).value.seen_at > long_ago


# --- The second factor ---


async def enrolled(accounts: Accounts) -> tuple[str, str, tuple[str, ...]]:
    """An account with a second factor: its id, the secret, the recovery codes."""
    account = await person(accounts, EMAIL)
    secret = second_factor.new_secret()
    codes = await accounts.managing.set_second_factor(account.id, secret, earlier(secret))
    assert codes is not None
    return account.id, secret, codes


def earlier(secret: str) -> str:
    """The code of the step before, so that the present one is still to be used."""
    return pyotp.TOTP(secret).at(machine_ms() // 1000 - second_factor.STEP)


def present(secret: str) -> str:
    return pyotp.TOTP(secret).at(machine_ms() // 1000)


async def test_a_password_alone_opens_nothing_once_there_is_a_second_factor(accounts: Accounts) -> None:
    _, secret, _ = await enrolled(accounts)
    begun = await accounts.signing_in.by_password(EMAIL, PASSWORD, HERE, "/kurator/antrean")

    assert begun.step is Step.CODE
    assert await accounts.sessions.of(begun.cookie) is None
    opened = await accounts.signing_in.by_code(begun.cookie, present(secret), HERE)
    assert opened is not None
    assert opened.onward == "/kurator/antrean"
    assert opened.cookie != begun.cookie, "a cookie from before the code opens nothing"
    assert await accounts.sessions.of(opened.cookie)
    assert await accounts.sessions.of(begun.cookie) is None
    assert await accounts.signing_in.by_code(begun.cookie, present(secret), HERE) is None


async def test_a_code_signs_in_once_even_at_the_same_moment(accounts: Accounts) -> None:
    _, secret, _ = await enrolled(accounts)
    cookies = [(await accounts.signing_in.by_password(EMAIL, PASSWORD, HERE)).cookie for _ in range(4)]
    code = present(secret)

    done = await asyncio.gather(
        *(accounts.signing_in.by_code(each, code, HERE) for each in cookies), return_exceptions=True
    )

    assert sum(isinstance(each, WrongCredentials) for each in done) == 3


async def test_a_recovery_code_signs_in_once(accounts: Accounts) -> None:
    _, _, codes = await enrolled(accounts)
    for expected in (True, False):
        cookie = (await accounts.signing_in.by_password(EMAIL, PASSWORD, HERE)).cookie
        if expected:
            assert await accounts.signing_in.by_code(cookie, codes[0], HERE)
        else:
            with pytest.raises(WrongCredentials):
                await accounts.signing_in.by_code(cookie, codes[0], HERE)


async def test_wrong_codes_lock_the_account_s_codes(accounts: Accounts) -> None:
    _, secret, _ = await enrolled(accounts)
    cookie = (await accounts.signing_in.by_password(EMAIL, PASSWORD, HERE)).cookie
    for _ in range(5):
        with pytest.raises(WrongCredentials):
            await accounts.signing_in.by_code(cookie, "000000", HERE)

    with pytest.raises(Locked):
        await accounts.signing_in.by_code(cookie, present(secret), HERE)


async def test_a_second_factor_needs_the_app_s_code_and_can_be_taken_away(accounts: Accounts) -> None:
    account = await person(accounts, EMAIL)
    assert await accounts.managing.set_second_factor(account.id, second_factor.new_secret(), "000000") is None

    id, _, former = account.id, *(await _again(accounts, account.id))
    renewed = await accounts.managing.renew_recovery_codes(id)
    assert not set(renewed) & set(former)
    await accounts.managing.remove_second_factor(id)
    assert (await accounts.signing_in.by_password(EMAIL, PASSWORD, HERE)).step is Step.OPEN


async def _again(accounts: Accounts, id: str) -> tuple[str, tuple[str, ...]]:
    secret = second_factor.new_secret()
    codes = await accounts.managing.set_second_factor(id, secret, present(secret))
    assert codes is not None
    return secret, codes
