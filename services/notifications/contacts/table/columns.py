"""The columns of a table of contacts, in Bahasa Indonesia and English."""

from __future__ import annotations

from shared.faults import Flaw, Invalid

MOST_COLUMNS = 50

COLUMNS = {
    "nama": "name",
    "name": "name",
    "email": "email",
    "surel": "email",
    "telepon": "phone",
    "phone": "phone",
    "nomor_seluler": "phone",
    "perangkat_daerah": "agencies",
    "agency": "agencies",
    "agencies": "agencies",
    "peran": "role",
    "role": "role",
    "telepon_kantor": "landline",
    "landline": "landline",
    "saluran": "preferred",
    "preferred": "preferred",
    "berlaku_dari": "valid_from",
    "valid_from": "valid_from",
    "berlaku_sampai": "valid_to",
    "valid_to": "valid_to",
    "setuju_whatsapp": "consent_whatsapp",
    "consent_whatsapp": "consent_whatsapp",
}
"""The table's name of a column → ours."""

_NEEDED = {"name": "nama", "agencies": "perangkat_daerah"}


def header_of(cells: list[str]) -> list[str]:
    """The names in the first line. Raises Invalid for too many."""
    if len(cells) > MOST_COLUMNS:
        raise Invalid([Flaw("line.1", "width", f"baris 1: ada {len(cells)} kolom, paling banyak {MOST_COLUMNS}")])
    return [cell.strip().casefold() for cell in cells]


def columns_of(header: list[str]) -> dict[str, str]:
    """Our name of a column → the table's. Raises Invalid."""
    columns: dict[str, str] = {}
    flaws: list[Flaw] = []
    for name in header:
        ours = COLUMNS.get(name)
        if ours is None:
            flaws.append(Flaw("line.1", "unknown-column", f"baris 1: kolom {name[:40]!r} tidak dikenal"))
        elif ours in columns:
            flaws.append(Flaw("line.1", "column-twice", f"baris 1: kolom {name} ganda"))
        else:
            columns[ours] = name
    flaws += [
        Flaw("line.1", "missing-column", f"baris 1: kolom {theirs} harus ada")
        for ours, theirs in _NEEDED.items()
        if ours not in columns
    ]
    if flaws:
        raise Invalid(flaws)
    return columns
