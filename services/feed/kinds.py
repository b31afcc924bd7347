"""The kinds of documents that the feed stores."""

from __future__ import annotations

from shared.ports.store import Index, Kind

LATEST = Kind(
    "latest",
    indexes=(
        Index(("place",)),
        Index(("region", "place")),
        Index(("province", "place")),
        Index(("kind", "place")),
        Index(("region", "kind", "place")),
    ),
)
"""Id: the event's subject; state ``{body, type, region, province, kind, place, sequence}``. See `latest/placing.py`."""

FEED_MARK = Kind("feed_mark")
"""Id `mark`: how far the feed may be read. See `latest/mark.py`."""

REBUILT = (LATEST.name, FEED_MARK.name)
"""Kinds that are not in a backup: a resync of the owners brings them back."""

KINDS = (LATEST, FEED_MARK)
