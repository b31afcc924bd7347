"""The request bodies about contacts."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from services.notifications.contacts import notices
from services.notifications.contacts.channel_name import ChannelName
from services.notifications.contacts.contact import Contact
from services.notifications.contacts.fields import Email, Landline, Telephone, is_mobile
from services.notifications.contacts.role import ContactRole
from shared.contracts.fields import Id, Name, RegionCode

MOST_AGENCIES = 200  # of one contact

EXAMPLE: dict[str, Any] = {
    "contact": {
        "summary": "An officer who can be notified",
        "value": {
            "region": "61.12",
            "agencies": ["0b8f3f0e-6f0c-5b1e-9b1c-2f8d7c1a4e55"],
            "role": "officer",
            "name": "Pengelola inovasi",
            "email": "inovasi@dinas.example",
            "phone": "0812-3456-7890",
            "landline": "(0561) 721234",
            "valid_from": "2026-01-01",
        },
    }
}


def _notice(version: str) -> str:
    return _known(version, notices.NOTICE)


def _whatsapp(version: str) -> str:
    return _known(version, notices.WHATSAPP)


def _known(version: str, subject: str) -> str:
    if version not in notices.texts(subject):
        raise ValueError("versi teks ini tidak ada; lihat GET contacts/notice")
    return version


class ContactBody(BaseModel):
    """A person at one or more agencies of a region (`officer`, `head`), or of the region itself (`curator`,
    `executive`). phone: a mobile number; a landline is stored as `landline`, and not used for WhatsApp; preferred: the
    channel to try first; notice: the version of the notice that the person was given; consent_whatsapp: the version of
    the text by which the person agreed to WhatsApp, which is not used without."""

    model_config = ConfigDict(extra="forbid")

    region: RegionCode
    role: ContactRole = ContactRole.OFFICER
    agencies: list[Id] = Field(default_factory=list, max_length=MOST_AGENCIES, validate_default=True)
    name: Name
    email: Email | None = None
    phone: Telephone | None = None
    landline: Landline | None = None
    preferred: ChannelName = ChannelName.EMAIL
    valid_from: date | None = Field(default=None, description="The first local day; null: no limit.")
    valid_to: date | None = Field(default=None, description="The last local day; null: no limit.")
    notice: Annotated[str, AfterValidator(_notice)] | None = None
    consent_whatsapp: Annotated[str, AfterValidator(_whatsapp)] | None = None

    @property
    def mobile(self) -> str | None:
        """The phone, if it is a mobile one."""
        return self.phone if self.phone and is_mobile(self.phone) else None

    @field_validator("agencies")
    @classmethod
    def _of_agencies_or_of_the_region(cls, agencies: list[str], info: ValidationInfo) -> list[str]:
        role = info.data.get("role")
        if role and role.of_agencies and not agencies:
            raise ValueError("wajib diisi")
        if role and agencies and not role.of_agencies:
            raise ValueError("kosongkan: kurator dan pimpinan adalah kontak daerah")
        return agencies

    @field_validator("landline")
    @classmethod
    def _one_landline(cls, landline: str | None, info: ValidationInfo) -> str | None:
        phone = info.data.get("phone")
        if landline and phone and not is_mobile(phone) and landline != phone:
            raise ValueError("phone sudah berisi nomor telepon kantor yang lain")
        return landline

    @field_validator("valid_to")
    @classmethod
    def _in_order(cls, last: date | None, info: ValidationInfo) -> date | None:
        first = info.data.get("valid_from")
        if first and last and last < first:
            raise ValueError("lebih awal daripada hari pertama")
        return last

    def contact(self, *, by: str, own: bool, body: str = "") -> Contact:
        """As a new contact. by: the account's id; own: it is one of the agency; body: the request's fingerprint."""
        return Contact.of(
            region=self.region,
            agencies=self.agencies,
            role=self.role,
            name=self.name,
            email=self.email,
            phone=self.mobile,
            landline=self.landline or (None if self.mobile else self.phone),
            preferred=self.preferred,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            notice=self.notice or "",
            consent_whatsapp=self.consent_whatsapp or "",
            own=own,
            body=body,
            by=by,
        )


class ContactCorrection(ContactBody):
    """A contact as it is to be. another_person: it now stands for somebody else, who is told what still holds, and
    whose notice and consent these are; reopen: use the closed addresses again."""

    another_person: bool = False
    reopen: bool = False
