"""Types of request fields: bounded texts, an e-mail address, an Indonesian mobile number. Their errors are in Bahasa
Indonesia."""

from __future__ import annotations

from typing import Annotated

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, StringConstraints, WithJsonSchema

from shared.contracts.fields import LINE, PROSE

_INDONESIA = 62


Decree = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120, pattern=LINE)]
"""The number of a decree."""

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000, pattern=PROSE)]
"""A few sentences."""


def email_address(text: str) -> str:
    """The address, normalised. Raises ValueError. Only ASCII: not every mail relay accepts more (RFC 6531)."""
    try:
        address = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False).normalized
    except EmailNotValidError:
        raise ValueError("bukan alamat surel yang benar") from None
    if not address.isascii():
        raise ValueError("alamat surel harus ditulis dengan huruf ASCII")
    return address


def mobile_number(text: str) -> str:
    """The number in E.164. Raises ValueError for anything but an Indonesian mobile number (a short `62812…` would
    otherwise pass as a landline)."""
    import phonenumbers  # noqa: PLC0415 - slow to import; few processes read phone numbers

    try:
        number = phonenumbers.parse(text, "ID")
    except phonenumbers.NumberParseException:
        raise ValueError("bukan nomor telepon") from None
    kinds = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)
    mobile = phonenumbers.is_valid_number(number) and phonenumbers.number_type(number) in kinds
    if number.country_code != _INDONESIA or not mobile:
        raise ValueError("harus nomor seluler Indonesia, misalnya 0812-3456-7890")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


Email = Annotated[
    str,
    StringConstraints(max_length=254),
    AfterValidator(email_address),
    WithJsonSchema({"type": "string", "format": "email", "maxLength": 254}),
]

Mobile = Annotated[
    str,
    StringConstraints(max_length=40),
    AfterValidator(mobile_number),
    WithJsonSchema({"type": "string", "maxLength": 40, "examples": ["0812-3456-7890"]}),
]
