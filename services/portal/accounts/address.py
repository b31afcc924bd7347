"""The e-mail address with which a person signs in. One address is one account's."""

from __future__ import annotations

from hashlib import sha256
from typing import Annotated

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, StringConstraints, WithJsonSchema

from services.portal.pages.language import _

_HIDDEN = "•••"


def normalised(text: str) -> str:
    """The address as it is kept. Raises ValueError. Only ASCII: not every mail relay accepts more (RFC 6531)."""
    try:
        address = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False).normalized
    except EmailNotValidError:
        raise ValueError(_("bukan alamat surel yang benar")) from None
    if not address.isascii():
        raise ValueError(_("alamat surel harus ditulis dengan huruf ASCII"))
    return address


def digest(address: str) -> str:
    """The id under which an address is taken: the same for any case of its letters."""
    return sha256(address.strip().casefold().encode()).hexdigest()


def masked(address: str) -> str:
    """`b•••@dinas.example`: enough to recognise in a list."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}{_HIDDEN}@{domain}" if domain else ""


Email = Annotated[
    str,
    StringConstraints(max_length=254),
    AfterValidator(normalised),
    WithJsonSchema({"type": "string", "format": "email", "maxLength": 254}),
]
