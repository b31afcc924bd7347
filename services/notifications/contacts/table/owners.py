"""Finds the contact that a row of a table is about."""

from __future__ import annotations

from services.notifications.contacts.addresses import Addresses
from services.notifications.contacts.repositories import contact_repository
from services.notifications.contacts.table.row import Row
from services.notifications.keys import imported_person, unaddressed_person
from shared.ports.store import Store


class UnclearOwner(Exception):
    """A row that is not about one contact. column: our name of it, empty for the whole row; code: stable."""

    def __init__(
        self,
        code: str = "two-contacts",
        reason: str = "alamat surel dan nomor selulernya dipakai dua kontak yang berbeda",
        column: str = "",
    ) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.column = column


class RowOwners:
    """Looks for contacts of a region. Methods raise StoreAway."""

    def __init__(self, store: Store) -> None:
        self._contacts = contact_repository(store)
        self._addresses = Addresses(store)

    async def of(self, region: str, row: Row) -> str | None:
        """The contact with the row's id, else with its address, else with its name and agencies; None when there is
        none. The e-mail address decides where releases before 0.2 let several contacts have one number. Raises
        UnclearOwner."""
        named = await self._named(region, row.id) if row.id else None
        by_email = await self._addresses.owners(region, email=row.email)
        by_phone = await self._addresses.owners(region, phone=row.phone)
        if named is not None:
            if (by_email | by_phone) - {named}:
                raise UnclearOwner(reason="alamat surel atau nomor selulernya dipakai kontak lain")
            return named
        if not row.email and not row.phone:
            known = await self._contacts.find(_unaddressed(region, row))
            return None if known is None or known.value.erased else known.id
        owners = by_email or by_phone
        if len(owners) > 1 or (by_phone and not owners <= by_phone):
            raise UnclearOwner
        return next(iter(owners), None)

    async def _named(self, region: str, id: str) -> str | None:
        found = await self._contacts.find(id)
        if found is None:
            return None
        if found.value.region != region:
            raise UnclearOwner("other-region", "ID ini sudah dipakai di daerah lain", "id")
        if found.value.erased:
            raise UnclearOwner("erased", "data orang ini sudah dihapus; kosongkan ID bila orangnya kembali", "id")
        return id


def new_person(import_id: str, region: str, row: Row) -> str:
    """The id of a new contact: the row's. One without an address is known by name and agencies, so that the same table
    again makes no other."""
    if row.id:
        return row.id
    return imported_person(import_id, row.line) if row.email or row.phone else _unaddressed(region, row)


def _unaddressed(region: str, row: Row) -> str:
    return unaddressed_person(region, " ".join(row.name.casefold().split()), row.agencies)
