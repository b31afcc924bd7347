"""Which account may read and change which contact, and whether what it sends is right."""

from __future__ import annotations

from services.notifications.contacts.addresses import Addresses
from services.notifications.contacts.agencies import REFUSALS, refused_agencies
from services.notifications.contacts.bodies import ContactBody
from services.notifications.contacts.contact import Contact, same_address
from services.notifications.contacts.repositories import contact_repository
from services.notifications.known import KnownFacts
from shared.auth.policy import Principal, Role
from shared.faults import Conflict, Flaw, Forbidden, Invalid
from shared.ports.store import Store
from shared.storage.repository import Versioned

_TAKEN = (
    "{what} ini sudah dipakai kontak lain di daerah ini; bila orangnya sama, kurator dapat menambahkan perangkat "
    "daerah pada kontak itu."
)


class ContactAccess:
    """A curator keeps the contacts of the region, an agency's account the officers and heads of its own agencies."""

    def __init__(self, store: Store, known_facts: KnownFacts) -> None:
        self._contacts = contact_repository(store)
        self._addresses = Addresses(store)
        self._known_facts = known_facts

    def require_list(self, who: Principal, region: str | None, agency: str | None) -> None:
        """Raises Forbidden for a list beyond the account's scope."""
        if who.region is None:
            raise Forbidden("Akun ini tidak menyebut daerah.")
        if region is not None:
            who.require_region(region)
        if agency is not None:
            who.require_agency(who.region, agency)

    async def readable(self, who: Principal, person: str) -> Versioned[Contact]:
        """The contact, for an account of its region or, if it is an agency's, of one of its agencies. Raises NotFound,
        Forbidden."""
        found = await self._contacts.get(person)
        if found.value.erased:
            raise self._contacts.missing()
        who.require_region(found.value.region)
        if who.role is Role.AGENCY and who.agencies.isdisjoint(found.value.agencies):
            raise Forbidden("Kontak ini bukan kontak perangkat daerah Anda.")
        return found

    async def changeable(self, who: Principal, person: str, body: ContactBody | None = None) -> Versioned[Contact]:
        """As `readable`; an agency must have it for itself. Raises Invalid when the body names another region."""
        found = await self.readable(who, person)
        if who.role is Role.AGENCY and await self._is_of_others(found.value, who):
            raise Forbidden("Kontak ini juga milik perangkat daerah lain; mintalah kurator mengubahnya.")
        if body is not None and body.region != found.value.region:
            raise Invalid([Flaw("region", "immutable", "daerah kontak tidak dapat diubah")])
        return found

    async def _is_of_others(self, contact: Contact, who: Principal) -> bool:
        """Whether it belongs to another agency that is not retired: a retired one leaves its contacts to its successor
        and stays named in them."""
        for agency in sorted(set(contact.agencies) - who.agencies):
            known = await self._known_facts.agency(agency)
            if known is None or not known.value.retired:
                return True
        return False

    def require_body(self, who: Principal, body: ContactBody) -> None:
        """Raises Forbidden unless the account may enter such a contact."""
        who.require_region(body.region)
        if who.role is not Role.AGENCY:
            return
        if not body.role.of_agencies:
            raise Forbidden("Kontak kurator dan pimpinan daerah diisi oleh kurator.")
        for agency in body.agencies:
            who.require_agency(body.region, agency)

    async def require_valid(self, body: ContactBody, person: str, before: Contact | None = None) -> None:
        """Raises Invalid for agencies that are not of the region or not known, Conflict for a new address that another
        contact of the region has. before: the contact that is corrected."""
        refused = await refused_agencies(self._known_facts, body.region, body.agencies)
        flaws = [
            Flaw(f"agencies.{number}", refused[id], REFUSALS[refused[id]].format(region=body.region))
            for number, id in enumerate(body.agencies)
            if id in refused
        ]
        if flaws:
            raise Invalid(flaws)
        email, phone = body.email or "", body.mobile or ""
        if before and same_address(before.email, email):
            email = ""
        if before and same_address(before.phone, phone):
            phone = ""
        if await self._addresses.owners(body.region, email=email) - {person}:
            raise Conflict(_TAKEN.format(what="Alamat surel"))
        if await self._addresses.owners(body.region, phone=phone) - {person}:
            raise Conflict(_TAKEN.format(what="Nomor seluler"))
