"""Types of request fields: bounded texts, an e-mail address, telephone numbers. Their errors are in Bahasa
Indonesia."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, StringConstraints, WithJsonSchema

from services.notifications.contacts import simulated
from shared.contracts.fields import LINE, PROSE

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

_INDONESIA = 62
_FIXED = (0,)  # of `phonenumbers.PhoneNumberType`: FIXED_LINE
_MOBILE = (1, 2)  # MOBILE, FIXED_LINE_OR_MOBILE

Decree = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120, pattern=LINE)]
"""The number of a decree."""

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000, pattern=PROSE)]
"""A few sentences."""


def email_address(text: str) -> str:
    """The address, normalised. Raises ValueError. Only ASCII: not every mail relay accepts more (RFC 6531)."""
    if text.strip().lower() in simulated.ADDRESSES:
        return text.strip().lower()
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
    if (given := text.strip()) in simulated.NUMBERS:
        return given
    number, kind = _parsed(text)
    if kind not in _MOBILE or number.country_code != _INDONESIA:
        raise ValueError("harus nomor seluler Indonesia, misalnya 0812-3456-7890")
    return _e164(number)


def landline_number(text: str) -> str:
    """The number in E.164, for people to call; `;ext=12` follows where there is an extension (RFC 3966). Any fixed line
    with its area code, or with `+` and its country's, or a mobile number. Raises ValueError."""
    digits = "".join(each for each in text if each.isdigit() or each == "+")
    if not digits.startswith(("0", "+", "62")):
        raise ValueError("harus nomor telepon dengan kode area, misalnya (0561) 721234")
    number, kind = _parsed("+" + text.strip() if digits.startswith("62") else text)
    if kind not in (*_MOBILE, *_FIXED):
        raise ValueError("bukan nomor telepon yang benar")
    return _e164(number) + (f";ext={number.extension}" if number.extension else "")


def mobile_or_landline(text: str) -> str:
    """An Indonesian mobile number, or else the number of a fixed line, as above. Raises ValueError: a number that is
    neither was meant as a mobile one."""
    try:
        return mobile_number(text)
    except ValueError:
        with suppress(ValueError):
            if not is_mobile(number := landline_number(text)):
                return number
        raise


def is_mobile(number: str) -> bool:
    """Whether a normalised number is a mobile one, of any country."""
    return number in simulated.NUMBERS or _parsed(number)[1] in _MOBILE


def _parsed(text: str) -> tuple[PhoneNumber, int]:
    """The number, and its kind; UNKNOWN unless it is valid. Raises ValueError."""
    import phonenumbers  # noqa: PLC0415 - slow to import; few processes read phone numbers

    try:
        number = phonenumbers.parse(text, "ID")
    except phonenumbers.NumberParseException:
        raise ValueError("bukan nomor telepon") from None
    valid = phonenumbers.is_valid_number(number)
    return number, phonenumbers.number_type(number) if valid else phonenumbers.PhoneNumberType.UNKNOWN


def _e164(number: PhoneNumber) -> str:
    import phonenumbers  # noqa: PLC0415 - as above

    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


Email = Annotated[
    str,
    StringConstraints(max_length=254),
    AfterValidator(email_address),
    WithJsonSchema({"type": "string", "format": "email", "maxLength": 254}),
]

Telephone = Annotated[
    str,
    StringConstraints(max_length=40),
    AfterValidator(mobile_or_landline),
    WithJsonSchema({"type": "string", "maxLength": 40, "examples": ["0812-3456-7890"]}),
]
"""Meant as a mobile number; a landline is accepted, and kept as one."""

Landline = Annotated[
    str,
    StringConstraints(max_length=40),
    AfterValidator(landline_number),
    WithJsonSchema({"type": "string", "maxLength": 40, "examples": ["(0561) 721234"]}),
]
"""A number for people to call."""
