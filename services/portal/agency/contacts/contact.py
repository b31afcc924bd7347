"""A contact as notifications answers it to its agency, and its form. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from services.portal.answered.answered import Answered
from services.portal.pages.forms import Errors, Form, chosen
from services.portal.pages.language import N_, _
from services.portal.pages.reading import day_of, line_of

ROLES = {"officer": N_("Petugas inovasi"), "head": N_("Kepala perangkat daerah")}
CHANNELS = {"email": N_("Surel"), "whatsapp": N_("WhatsApp")}
_MOST = {"name": 200, "email": 254, "phone": 40, "landline": 40}  # characters


class Hint(Answered):
    """What the editor should know."""

    message: str


class Contact(Answered):
    """email_closed, phone_closed: why an address is not used any more; own: the agency entered it itself."""

    id: str
    region: str
    agencies: tuple[str, ...]
    role: str
    name: str
    email: str | None = None
    phone: str | None = None
    landline: str | None = None
    preferred: str = "email"
    email_closed: str | None = None
    phone_closed: str | None = None
    email_confirmed: bool = False
    phone_confirmed: bool = False
    valid_from: date | None = None
    valid_to: date | None = None
    notice: str | None = None
    consent_whatsapp: str | None = None
    reachable: bool = True
    hints: tuple[Hint, ...] = ()

    @property
    def closed(self) -> bool:
        """Whether one of its addresses is not used any more."""
        return bool(self.email_closed or self.phone_closed)


class Notice(Answered):
    """The texts in force, and their versions."""

    version: str
    text: str
    whatsapp_version: str
    whatsapp_text: str


def form_of(contact: Contact) -> dict[str, list[str]]:
    """What the form shows for a contact."""
    lines = {name: getattr(contact, name) for name in ("role", "name", "email", "phone", "landline", "preferred")}
    days = {name: getattr(contact, name) for name in ("valid_from", "valid_to")}
    return {
        **{name: [value] for name, value in lines.items() if value},
        **{name: [value.isoformat()] for name, value in days.items() if value},
        "agencies": list(contact.agencies),
        "notice": ["ya"] if contact.notice else [],
        "consent": ["ya"] if contact.consent_whatsapp else [],
    }


def read(
    form: Form,
    errors: Errors,
    *,
    region: str,
    agencies: Sequence[str],
    notice: Notice,
    before: Contact | None,
    roles: Collection[str] = ROLES,
) -> dict[str, Any]:
    """The body for notifications. agencies: that the account speaks for; before: the contact that is corrected, whose
    other agencies stay; roles: that may be chosen. What is wrong is added to `errors`."""
    errors.require(form, "name", sentence=_("Isi nama."))
    if not (form.text("email") or form.text("phone")):
        errors["email"] = _("Isi surel atau nomor seluler, supaya pemberitahuan sampai.")
    body: dict[str, Any] = {"region": region, "role": chosen(form.text("role"), list(roles)) or "officer"}
    for name, most in _MOST.items():
        try:
            body[name] = line_of(form, name, most)
        except ValueError:
            errors[name] = _("Terlalu panjang.")
    for name in ("valid_from", "valid_to"):
        try:
            body[name] = day_of(form, name)
        except ValueError as wrong:
            errors[name] = str(wrong).capitalize() + "."
    body["preferred"] = chosen(form.text("preferred"), list(CHANNELS)) or "email"
    wanted = [each for each in form.texts("agencies") if each in agencies] or list(agencies[:1])
    others = [each for each in (before.agencies if before else ()) if each not in agencies]
    body["agencies"] = [*others, *wanted]
    body["notice"] = _version(form.has("notice"), before.notice if before else None, notice.version)
    consent = before.consent_whatsapp if before else None
    body["consent_whatsapp"] = _version(form.has("consent"), consent, notice.whatsapp_version)
    if before is not None:
        body["another_person"] = form.has("another_person")
        body["reopen"] = form.has("reopen")
    return body


def _version(given: bool, stored: str | None, current: str) -> str | None:
    """The version of a text that the person was given: the one that is recorded already, else the one in force."""
    return (stored or current) if given else None
