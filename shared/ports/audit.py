"""The audit log in a service's store: its kinds, and the names of its entries.

An entry is owed by the changed document, in the same write, as an event of the type `AUDIT` that never reaches a bus.
The relay moves it to a document of its own; a sealed day gets no further entry.
"""

from __future__ import annotations

import json
from datetime import date, timedelta

from shared.ports.store import AUDIT, Index, Kind, OwedEvent, State

ENTRY = Kind("audit", indexes=(Index(("region",)), Index(("document",))))
"""Id: `<UTC day>/<kind>/<id of the document>/<sequence>`; state ``{region, document, entry}``: region: of the document,
empty for none; document: `<kind>/<id>`; entry: canonical JSON text, see `shared/adapters/audit_entry.py`."""

SEAL = Kind("audit_seal")
"""Id: the UTC day. See `shared/storage/audit/seal.py`."""

AUDIT_KINDS = (SEAL, ENTRY)
"""In the order in which a backup writes them, after all others: what a document does not owe any more is among the
entries, and so are all entries of a sealed day."""

AUDIT_NAMES = tuple(each.name for each in AUDIT_KINDS)

OPEN_FOR = timedelta(hours=2)
"""No day is closed, and so sealed, sooner after its end."""

_PREFIX = f"{AUDIT}/"
_ENCODER = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, check_circular=False
)


def owed_id(day: str, kind: str, id: str, sequence: str) -> str:
    """The id of an entry while it is owed. sequence: 16 digits."""
    return f"{_PREFIX}{day}/{kind}/{id}/{sequence}"


def entry_id(owed: OwedEvent) -> str:
    """The id of an owed entry's document, on the day of the change."""
    return owed.id.removeprefix(_PREFIX)


def day_of(id: str) -> str:
    """The UTC day of an entry, by its id."""
    return id.partition("/")[0]


def document_of(id: str) -> str:
    """The changed document, `<kind>/<id>`, by the id of an entry."""
    return id.partition("/")[2].rpartition("/")[0]


def on_day(id: str, day: str) -> str:
    """The id of the same entry on another day."""
    return f"{day}/{id.partition('/')[2]}"


def next_day(day: str) -> str:
    """The day after, `YYYY-MM-DD`."""
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def canonical(entry: State) -> str:
    """An entry as text: what is stored, and what a seal is made of."""
    return _ENCODER.encode(entry)
