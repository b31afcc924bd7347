"""Signs people in: address and password, then the code of the second factor if the account has one.

A try is counted before it is looked at and forgiven when it succeeds, so that many tries at once are counted too.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

import structlog

from services.portal.accounts.account import Account
from services.portal.accounts.address import digest
from services.portal.accounts.proofs.limiter import Limiter
from services.portal.accounts.proofs.lock import Lock
from services.portal.accounts.proofs.password import Passwords
from services.portal.accounts.refusals import Locked, WrongCredentials
from services.portal.accounts.repositories import account_repository, lock_repository
from services.portal.accounts.session import Step
from services.portal.accounts.sessions import Sessions
from services.portal.accounts.taken_addresses import TakenAddresses
from shared.clock import Clock, machine_ms
from shared.ports.store import Store
from shared.storage.repository import Versioned
from shared.storage.steps import without_event

MOST_FAILURES = 60  # of one network within WINDOW; a whole office may have one address
WINDOW = 600.0  # seconds

log = structlog.get_logger("portal")


@dataclass(frozen=True)
class Begun:
    """cookie: of the new session; step: whether a code is awaited; onward: where the person wanted to go."""

    cookie: str
    step: Step
    account: Account
    onward: str


@dataclass(frozen=True)
class Client:
    """From where somebody signs in. address: of the network; device: the browser's name."""

    address: str
    device: str = ""


class SigningIn:
    """key: of the ids of locks, 32 secret bytes."""

    def __init__(
        self, store: Store, sessions: Sessions, passwords: Passwords, taken: TakenAddresses, key: Callable[[], bytes]
    ) -> None:
        self._accounts = account_repository(store)
        self._locks = lock_repository(store)
        self._sessions = sessions
        self._passwords = passwords
        self._taken = taken
        self._key = key
        self._limiter = Limiter(MOST_FAILURES, WINDOW)

    async def by_password(self, email: str, password: str, client: Client, onward: str = "") -> Begun:
        """A session after the right password. Raises WrongCredentials, Locked, QuotaSpent, Busy."""
        self._limiter.require(client.address)
        lock = self._lock_id("password", digest(email))
        await self._count(lock)
        found = await self._taken.owner(email)
        right = await self._passwords.verify(found.value.password if found else "", password)
        if found is None or not right or not found.value.is_active:
            self._limiter.count(client.address)
            log.info("portal.sign_in_refused", account=found.id if found else None)
            raise WrongCredentials
        await self._forgive(lock)
        found = await self._noted(found, password)
        step = Step.OPEN if found.value.second_factor is None else Step.CODE
        cookie = await self._sessions.begin(found, step, device=client.device, onward=onward)
        if step is Step.OPEN:
            log.info("portal.signed_in", account=found.id, second_factor=False)
        return Begun(cookie, step, found.value, onward)

    async def by_code(self, cookie: str | None, code: str, client: Client) -> Begun | None:
        """An open session with another cookie, after the right code; None: no session waits for one. Raises
        WrongCredentials, Locked, QuotaSpent."""
        waiting = await self._sessions.waiting(cookie)
        if waiting is None:
            return None
        session, account = waiting
        self._limiter.require(client.address)
        lock = self._lock_id("code", account.id)
        await self._count(lock)
        if not await self.accept_code(account.id, code):
            self._limiter.count(client.address)
            log.info("portal.code_refused", account=account.id)
            raise WrongCredentials
        await self._forgive(lock)
        await self._sessions.end(session.id)
        found = await self._accounts.get(account.id)
        onward = session.value.onward
        opened = await self._sessions.begin(found, Step.OPEN, device=session.value.device, onward=onward)
        log.info("portal.signed_in", account=account.id, second_factor=True)
        return Begun(opened, Step.OPEN, found.value, onward)

    async def accept_code(self, account: str, code: str) -> bool:
        """Whether the code is right; it is not accepted a second time."""
        now = machine_ms() // 1000
        accepted = False

        def step(before: Account) -> Account | None:
            nonlocal accepted
            factor = before.second_factor
            after = factor.accepting(code, now) if factor else None
            accepted = after is not None
            return None if after is None else before.with_factor_used(after)

        await self._accounts.amend(account, None, without_event(step))
        return accepted

    async def confirm(self, account: str, password: str, client: Client) -> bool:
        """Whether it is the password of somebody who is signed in: before what must not happen on an abandoned
        screen. Raises Locked, QuotaSpent, Busy."""
        self._limiter.require(client.address)
        lock = self._lock_id("confirm", account)
        await self._count(lock)
        found = await self._accounts.get(account)
        if not await self._passwords.verify(found.value.password, password):
            self._limiter.count(client.address)
            return False
        await self._forgive(lock)
        return True

    async def _noted(self, found: Versioned[Account], password: str) -> Versioned[Account]:
        """Note the day, and hash the password anew if the parameters have changed."""
        today = Clock.machine().date()
        former = found.value.password
        hash = await self._passwords.hash(password) if self._passwords.is_outdated(former) else None

        def step(before: Account) -> Account | None:
            after = before.rehashed(former, hash) if hash else None
            return (after or before).seen_on(today) or after

        return await self._accounts.amend(found.id, None, without_event(step), known=found)

    def _lock_id(self, purpose: str, of: str) -> str:
        return hmac.new(self._key(), f"{purpose}/{of}".encode(), sha256).hexdigest()

    async def _count(self, id: str) -> None:
        now = machine_ms()
        locked: int | None = None

        def step(before: Lock | None) -> Lock | None:
            nonlocal locked
            before = before or Lock()
            locked = before.until if before.is_locked(now) else None
            return before.failed(now) if locked is None else None

        await self._locks.change(id, without_event(step))
        if locked is not None:
            raise Locked(datetime.fromtimestamp(locked / 1000, UTC))

    async def _forgive(self, id: str) -> None:
        await self._locks.change(id, without_event(lambda before: Lock() if before != Lock() else None))
