"""What of the documents of accounts belongs to one region. Operators' accounts belong to none and stay."""

from __future__ import annotations

from collections.abc import Iterator

from services.portal.accounts.address import masked
from services.portal.accounts.kinds import ACCOUNT, ADDRESS, INVITATION, LOCK, RESET, SESSION
from services.portal.accounts.taken_addresses import TakenAddresses
from shared.ports.store import ID, State, Store
from shared.runtime.regional import RegionalKind


async def addresses_in_use(store: Store, region: str, documents: Iterator[State]) -> list[str]:
    """The addresses with which somebody of another region, or an operator, signs in here. What is left of an address
    that nobody has any more is nobody's."""
    taken = TakenAddresses(store)
    found: list[str] = []
    for stored in documents:
        owner = await taken.owner_of(stored[ID])
        if owner is not None and owner.value.region != region:
            whose = f"region {owner.value.region}" if owner.value.region else "no region, an operator"
            found.append(
                f"{masked(owner.value.email)} is the address of account {owner.id} here, of {whose}, and of account "
                f"{stored['state']['account']} in the backup: an address is of one account. Give one of them another "
                "(satu privacy correct --account ID --new-email ADDRESS), or erase it; if that was where the region "
                "comes from, back the region up again"
            )
    return found


REGIONAL = (
    RegionalKind(ACCOUNT.name),
    RegionalKind(ADDRESS.name, "account", owner=ACCOUNT.name, clashes=addresses_in_use),
    RegionalKind(INVITATION.name),
    RegionalKind(SESSION.name, "account", owner=ACCOUNT.name, moves=False),
    RegionalKind(RESET.name, ID, owner=ACCOUNT.name, moves=False),
)
STAYS = (LOCK.name,)
