"""What operators, curators and people themselves do with accounts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import structlog

from services.portal.accounts.account import Account, AccountStatus, scope_flaws
from services.portal.accounts.proofs import second_factor
from services.portal.accounts.proofs.password import Passwords, flaw
from services.portal.accounts.repositories import account_repository
from services.portal.accounts.sessions import Sessions
from services.portal.accounts.taken_addresses import TakenAddresses
from services.portal.pages.language import _
from shared.auth.policy import Role
from shared.clock import Clock, machine_ms
from shared.faults import Flaw, Invalid
from shared.ports.store import OneOf, Store, Where
from shared.storage.repository import Versioned, VersionedPage
from shared.storage.steps import without_event

_PRESENT = (AccountStatus.ACTIVE.value, AccountStatus.CLOSED.value)

log = structlog.get_logger("portal")


@dataclass(frozen=True)
class AccountFilter:
    """None: any."""

    region: str | None = None
    role: Role | None = None
    status: AccountStatus | None = None

    @property
    def where(self) -> Where:
        """As a condition of the store."""
        status = self.status.value if self.status else OneOf(_PRESENT)
        if self.region is None:
            return {"status": status}
        role = {"role": self.role.value} if self.role else {}
        return {"region": self.region, **role, "status": status}


class Managing:
    """Every method raises StoreAway, and NotFound for an account that does not exist."""

    def __init__(
        self, store: Store, clock: Clock, sessions: Sessions, passwords: Passwords, taken: TakenAddresses
    ) -> None:
        self._accounts = account_repository(store)
        self._clock = clock
        self._sessions = sessions
        self._passwords = passwords
        self._taken = taken

    async def get(self, id: str) -> Versioned[Account]:
        """An account that is not erased."""
        found = await self._accounts.get(id)
        if found.value.status is AccountStatus.ERASED:
            raise self._accounts.missing()
        return found

    async def page(self, chosen: AccountFilter, *, limit: int, after: str | None) -> VersionedPage[Account]:
        """Accounts that are not erased. A role is looked for within a region only."""
        return await self._accounts.list(chosen.where, limit=limit, after=after)

    async def describe(
        self, id: str, name: str, email: str, agencies: tuple[str, ...], expected: int | None = None
    ) -> Versioned[Account]:
        """Another name, address or agencies. Raises Invalid, AddressTaken, Stale."""
        found = await self.get(id)
        agencies = tuple(sorted(set(agencies)))
        if flaws := scope_flaws(found.value.role, found.value.region, agencies):
            raise Invalid(flaws)
        await self._taken.take(email, id)
        done = await self._change(id, lambda before: before.described(name, email, agencies), expected)
        if found.value.email.casefold() != email.casefold():
            await self._taken.release(found.value.email, id)
        return done

    async def close(self, id: str, expected: int | None = None) -> Versioned[Account]:
        """Nobody signs in with it any more, and every session is over."""
        return await self._change(id, Account.closed, expected)

    async def open(self, id: str, expected: int | None = None) -> Versioned[Account]:
        """A closed one may be used again."""
        return await self._change(id, Account.opened, expected)

    async def sign_out(self, id: str, expected: int | None = None) -> Versioned[Account]:
        """Every session is over."""
        return await self._change(id, Account.signed_out, expected)

    async def remove_second_factor(self, id: str, expected: int | None = None) -> Versioned[Account]:
        """For a lost telephone without recovery codes."""
        return await self._change(id, Account.without_second_factor, expected)

    async def change_password(self, id: str, password: str) -> Versioned[Account]:
        """The person has shown the former one; every session is over. Raises Invalid, Busy."""
        found = await self.get(id)
        if (wrong := flaw(password, email=found.value.email, name=found.value.name)) is not None:
            raise Invalid([Flaw("password", "weak", wrong)])
        hash = await self._passwords.hash(password)
        log.info("portal.password_changed", account=id)
        return await self._change(id, lambda before: before.with_password(hash))

    async def set_second_factor(self, id: str, secret: str, code: str) -> tuple[str, ...] | None:
        """The recovery codes, which nothing shows again; None: the code does not show that the app has the secret."""
        factor = second_factor.confirmed(secret, code, machine_ms() // 1000)
        if factor is None:
            return None
        codes, at = second_factor.new_recovery_codes(), self._clock.now()
        await self._change(id, lambda before: before.with_second_factor(factor.with_recovery(codes), at))
        return codes

    async def renew_recovery_codes(self, id: str) -> tuple[str, ...]:
        """Others; the former ones are over. Raises Invalid without a second factor."""
        codes = second_factor.new_recovery_codes()

        def step(before: Account) -> Account:
            if before.second_factor is None:
                raise Invalid([Flaw("second_factor", "missing", _("verifikasi dua langkah belum aktif"))])
            return before.with_factor_used(before.second_factor.with_recovery(codes))

        await self._change(id, step)
        return codes

    async def _change(
        self, id: str, step: Callable[[Account], Account | None], expected: int | None = None
    ) -> Versioned[Account]:
        def decide(before: Account) -> Account | None:
            if before.status is AccountStatus.ERASED:
                raise self._accounts.missing()
            return step(before)

        return await self._accounts.amend(id, expected, without_event(decide))
