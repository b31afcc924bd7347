"""The office's contacts and signed commitments. Every person, address and number is made up."""

from __future__ import annotations

from typing import NamedTuple

from tests.support.office.agencies import AGENCIES


class OfficeContact(NamedTuple):
    """agency: its key, empty for a contact of the region; role: `officer`, `head`, `curator`, `executive`; phone: with
    the leading zero; {code}: in mail addresses, the region's code."""

    name: str
    agency: str
    role: str
    email: str
    phone: str


class OfficeCommitment(NamedTuple):
    """signed_on: an ISO day."""

    agency: str
    year: int
    number: str
    signed_on: str
    promised: tuple[str, ...]


def contacts() -> tuple[OfficeContact, ...]:
    """An officer for each agency that exists, a head for every fourth, and two persons of the region."""
    found = []
    for number, key in enumerate(each for each, agency in AGENCIES.items() if not agency.retired_on):
        mail = f"petugas{number:02}@{{code}}.contoh.example"
        found.append(OfficeContact(f"Petugas Contoh {number:02}", key, "officer", mail, f"08125600{number:04}"))
        if number % 4 == 0:
            head = f"kepala{number:02}@{{code}}.contoh.example"
            found.append(OfficeContact(f"Kepala Contoh {number:02}", key, "head", head, f"08135600{number:04}"))
    found.append(OfficeContact("Kurator Contoh", "", "curator", "kurator@{code}.contoh.example", "081456000001"))
    found.append(OfficeContact("Sekda Contoh", "", "executive", "sekda@{code}.contoh.example", "081456000002"))
    return tuple(found)


COMMITMENTS = (
    OfficeCommitment("setda", 2026, "000.9/01/2026", "2026-02-03", ("Halo Pimpinan", "Surat Sekejap")),
    OfficeCommitment("itda", 2026, "000.9/02/2026", "2026-02-03", ("Konsultasi Keliling",)),
    OfficeCommitment("disdik", 2026, "000.9/03/2026", "2026-02-03", ("Kelas Perahu", "Rapor Ceria")),
    OfficeCommitment("dinkes", 2026, "000.9/04/2026", "2026-02-04", ()),
    OfficeCommitment("kakap", 2026, "000.9/05/2026", "2026-02-04", ("Sampan Layanan",)),
    OfficeCommitment("capil", 2025, "000.9/11/2025", "2025-02-10", ("Jemput KTP",)),
)
