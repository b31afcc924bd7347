"""One person of a table."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.contacts.contact import Contact
from services.notifications.contacts.correction import corrected
from services.notifications.contacts.role import ContactRole
from services.notifications.state import replaced


class Row(BaseModel):
    """One person of the table. id: of a contact, None where the table says nothing, not stored; line: of the
    person's first line; email, phone, landline: normalised, or empty; role, preferred, valid_from, valid_to: None where
    the table says nothing; consent_whatsapp: the version of the text, empty: no consent, None: the table says nothing;
    moved: the landline was among the mobile numbers."""

    model_config = ConfigDict(frozen=True)

    id: str | None = Field(default=None, exclude=True)
    line: int
    name: str
    email: str
    phone: str
    agencies: tuple[str, ...]
    landline: str = ""
    role: ContactRole | None = None
    preferred: ChannelName | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    consent_whatsapp: str | None = None
    moved: bool = False

    @property
    def person(self) -> tuple[object, ...]:
        """What two lines about one person have in common."""
        kept = {name: getattr(self, name) for name in type(self).model_fields if name not in ("line", "agencies")}
        return tuple((kept | {"email": self.email.casefold()}).values())

    def applied_to(self, before: Contact | None, *, region: str, mark: str, by: str) -> Contact | None:
        """The contact after this row: a new one, or the present one with what the table says. None when the row was
        applied before, or the person was erased since. mark: of this row; by: the account that sent the table."""
        if before is None:
            return self._contact(region, mark, by)
        if before.erased or before.mark == mark:
            return None
        after = corrected(before, self._contact(region, mark, by, before))
        nothing_said = replaced(after, mark=before.mark, by=before.by) == before
        return None if nothing_said else after

    def _consent(self, before: Contact | None) -> str:
        if self.consent_whatsapp is not None:
            return self.consent_whatsapp
        return before.consent_whatsapp if before else ""

    def _contact(self, region: str, mark: str, by: str, before: Contact | None = None) -> Contact:
        return Contact.of(
            region=region,
            agencies=(*(before.agencies if before else ()), *self.agencies),
            name=self.name,
            role=self.role or (before.role if before else ContactRole.OFFICER),
            email=self.email or (before.email if before else ""),
            phone=self.phone or (before.phone if before else ""),
            landline=self.landline or (before.landline if before else ""),
            preferred=self.preferred or (before.preferred if before else ChannelName.EMAIL),
            valid_from=self.valid_from or (before.valid_from if before else None),
            valid_to=self.valid_to or (before.valid_to if before else None),
            notice=before.notice if before else "",
            consent_whatsapp=self._consent(before),
            mark=mark,
            by=by,
        )
