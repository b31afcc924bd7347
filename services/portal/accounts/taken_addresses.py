"""Keeps one e-mail address one account's, by documents whose ids are the addresses' digests.

An address that was taken and then not used, as a crash leaves it, is nobody's: the account itself decides.
"""

from __future__ import annotations

from services.portal.accounts.account import Account, AccountStatus
from services.portal.accounts.address import digest
from services.portal.accounts.kinds import ADDRESS
from services.portal.accounts.refusals import AddressTaken
from services.portal.accounts.repositories import TakenAddress, account_repository, address_repository
from services.portal.pages.language import _
from shared.ports.store import Store
from shared.storage.repository import Versioned
from shared.storage.steps import without_event


class TakenAddresses:
    """Every method raises StoreAway."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._accounts = account_repository(store)
        self._addresses = address_repository(store)

    async def owner(self, email: str) -> Versioned[Account] | None:
        """The account of an address; None: nobody's."""
        return await self.owner_of(digest(email))

    async def owner_of(self, id: str) -> Versioned[Account] | None:
        """As `owner`. id: the digest of the address."""
        taken = await self._addresses.find(id)
        found = await self._accounts.find(taken.value.account) if taken else None
        return found if found is not None and _has(found.value, id) else None

    async def require_free(self, email: str, account: str) -> None:
        """Raises AddressTaken when it is another account's."""
        found = await self.owner(email)
        if found is not None and found.id != account:
            raise AddressTaken(_("Alamat surel ini sudah dipakai akun lain."))

    async def take(self, email: str, account: str) -> None:
        """Before the account is stored with it. Raises AddressTaken."""
        await self.require_free(email, account)
        id = digest(email)
        seen = await self._addresses.find(id)
        former = seen.value.account if seen else account

        def step(before: TakenAddress | None) -> TakenAddress | None:
            if before is not None and before.account not in {former, account}:
                raise AddressTaken(_("Alamat surel ini sudah dipakai akun lain."))
            after = TakenAddress(account=account)
            return None if after == before else after

        await self._addresses.change(id, without_event(step))

    async def release(self, email: str, account: str) -> None:
        """Once the account has it no more."""
        found = await self._addresses.find(digest(email)) if email else None
        if found is not None and found.value.account == account:
            await self._store.erase(ADDRESS.name, found.id)

    async def release_all(self, account: str) -> None:
        """The account is erased."""
        ids = [row.id async for row in self._store.scan(ADDRESS.name, {"account": account}, ())]
        for id in ids:
            await self._store.erase(ADDRESS.name, id)


def _has(account: Account, id: str) -> bool:
    return account.status is not AccountStatus.ERASED and digest(account.email) == id
