"""A person at an agency who can be notified. Names, addresses and phone numbers are stored here only (UU 27/2022)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from pydantic import BaseModel, ConfigDict

from services.notifications.state import Bit, replaced
from shared.ports.store import ScanRow
from shared.storage.stored import Stored

HIDDEN = "•••"


class Contact(Stored):
    """email: valid and normalised, or empty; phone: E.164, or empty; flagged: a provider does not know the address;
    reachable: it has an e-mail address that is not flagged; erased: only id, region and agencies are left; mark: the
    import row that changed it last, `<import>/<line>`, or empty; by: the id of the account that changed it last, empty
    for a change by a release that did not keep it."""

    region: str
    agencies: tuple[str, ...]
    name: str
    email: str
    phone: str
    flagged: bool = False
    reachable: Bit
    erased: Bit = False
    mark: str = ""
    by: str = ""

    @classmethod
    def of(
        cls,
        *,
        region: str,
        agencies: Iterable[str],
        name: str,
        email: str | None = None,
        phone: str | None = None,
        body: str = "",
        mark: str = "",
        by: str = "",
    ) -> Self:
        """A new contact. email, phone: valid and normalised; body: the fingerprint of the request that creates it; by:
        an account's id."""
        return cls(
            created_by_body=body,
            region=region,
            agencies=tuple(sorted(set(agencies))),
            name=name,
            email=email or "",
            phone=phone or "",
            reachable=bool(email),
            mark=mark,
            by=by,
        )

    def corrected(self, change: Contact) -> Self:
        """The contact with the data of `change`. The flag stays while the address stays. `by` stays when nothing else
        changes."""
        flagged = self.flagged and self.email == change.email
        after = replaced(
            self,
            agencies=change.agencies,
            name=change.name,
            email=change.email,
            phone=change.phone,
            flagged=flagged,
            reachable=bool(change.email) and not flagged,
            mark=change.mark or self.mark,
        )
        return self if after == self else replaced(after, by=change.by)

    def with_unknown_address(self, email: str) -> Self | None:
        """The contact with its address flagged; None when it has another address by now, or is flagged."""
        if self.email != email or self.flagged:
            return None
        return replaced(self, flagged=True, reachable=False)

    def without_personal_data(self, by: str = "") -> Self:
        """What is kept of an erased person: region and agencies, under the opaque id, so that the record of messages
        stays readable. by: the id of the account that erased it."""
        return replaced(type(self).of(region=self.region, agencies=self.agencies, name="", by=by), erased=True)

    def masked(self) -> dict[str, str | None]:
        """Name, address and phone as lists show them."""
        return {
            "name": " ".join(_first(word) for word in self.name.split()),
            "email": masked_email(self.email) if self.email else None,
            "phone": masked_phone(self.phone) if self.phone else None,
        }


class Recipient(BaseModel):
    """The part of a contact that reminders need."""

    model_config = ConfigDict(frozen=True)

    person: str
    agencies: tuple[str, ...]
    reachable: bool
    name: str
    email: str

    @classmethod
    def of(cls, row: ScanRow) -> Self:
        """From a scanned row of `contact` documents with RECIPIENT_FIELDS."""
        return cls(person=row.id, **{name: row[name] for name in RECIPIENT_FIELDS})


RECIPIENT_FIELDS = ("agencies", "reachable", "name", "email")


def masked_email(email: str) -> str:
    """`b•••@dinas.example`."""
    local, _, domain = email.rpartition("@")
    return f"{_first(local)}@{domain}"


def masked_phone(phone: str) -> str:
    """`+62•••78`."""
    return f"{phone[:3]}{HIDDEN}{phone[-2:]}"


def _first(word: str) -> str:
    return f"{word[:1]}{HIDDEN}"
