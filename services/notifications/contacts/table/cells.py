"""Reads one cell of a table of contacts. All functions raise ValueError with a sentence in Bahasa Indonesia."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

from services.notifications.contacts import notices
from services.notifications.contacts.channel_name import ChannelName
from services.notifications.contacts.role import ContactRole

LONGEST = 254  # characters of any cell but the agencies'

_ROLES = {
    "petugas": ContactRole.OFFICER,
    "pengelola": ContactRole.OFFICER,
    "admin": ContactRole.OFFICER,
    "kepala": ContactRole.HEAD,
    "kurator": ContactRole.CURATOR,
    "pimpinan": ContactRole.EXECUTIVE,
    "pimpinan daerah": ContactRole.EXECUTIVE,
    "sekda": ContactRole.EXECUTIVE,
    **{each.value: each for each in ContactRole},
}
_CHANNELS = {"surel": ChannelName.EMAIL, "wa": ChannelName.WHATSAPP, **{each.value: each for each in ChannelName}}
_CONSENT_TO = re.compile(r"ya \((.+)\)", re.IGNORECASE)
_DAY = re.compile(r"(?P<day>[0-9]{1,2})[/.-](?P<month>[0-9]{1,2})[/.-](?P<year>[0-9]{4})", re.ASCII)
_ISO = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})", re.ASCII)
_YES, _NO = {"ya", "y", "yes", "setuju", "1", "true"}, {"tidak", "t", "no", "n", "0", "false"}


def role(text: str) -> ContactRole:
    """`petugas`, `kepala`, `kurator`, `pimpinan`, or our own words."""
    if text.casefold() not in _ROLES:
        raise ValueError("harus petugas, kepala, kurator atau pimpinan")
    return _ROLES[text.casefold()]


def channel(text: str) -> ChannelName:
    """`surel` or `whatsapp`."""
    if text.casefold() not in _CHANNELS:
        raise ValueError("harus surel atau whatsapp")
    return _CHANNELS[text.casefold()]


def day(text: str) -> date:
    """`2026-12-31` or `31/12/2026`."""
    match = _ISO.fullmatch(text) or _DAY.fullmatch(text)
    if match:
        try:
            return date(int(match["year"]), int(match["month"]), int(match["day"]))
        except ValueError:
            pass
    raise ValueError("harus tanggal, misalnya 31/12/2026 atau 2026-12-31")


def person(text: str) -> str:
    """A contact's id."""
    try:
        return str(UUID(text))
    except ValueError:
        raise ValueError("bukan ID dari sistem ini; kosongkan untuk yang baru") from None


def consent(text: str) -> str:
    """`ya`: to the present text, whose version is given back; `tidak`: empty; `ya (2026-12)` or a version: that."""
    if named := _CONSENT_TO.fullmatch(text):
        text = named[1]
    if text.casefold() in _YES:
        return notices.current(notices.WHATSAPP)
    if text.casefold() in _NO:
        return ""
    if text in notices.texts(notices.WHATSAPP):
        return text
    raise ValueError("harus ya atau tidak")
