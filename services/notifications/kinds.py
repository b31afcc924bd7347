"""The documents of this service."""

from __future__ import annotations

from shared.ports.store import Index, Kind

OBLIGATION = Kind(
    "obligation",
    indexes=(
        Index(("region", "stands", "deadline")),
        Index(("region", "year")),
        Index(("agency", "year")),
        Index(("region", "year", "status")),
        Index(("stands",)),
        Index(("status",)),
        Index(("year",)),
    ),
)
"""Id `<agency>/<year>`; state ``{agency, region, year, stands, status, deadline, waiting_for, facts, public}``."""

KNOWN_REGION = Kind("known_region")
"""Id: the code; state ``{heard, region}``, a copy of what the registry said last."""

KNOWN_AGENCY = Kind("known_agency", indexes=(Index(("region",)),))
"""Id: the agency; state ``{heard, region, agency}``, likewise."""

CONTACT = Kind("contact", indexes=(Index(("region", "erased")), Index(("region", "email")), Index(("erased",))))
CONTACT_IMPORT = Kind("contact_import", indexes=(Index(("status",)),))
EXEMPTION = Kind("exemption", indexes=(Index(("region",)),))
POST = Kind("post", indexes=(Index(("unwritten",)), Index(("region",))))
MESSAGE = Kind(
    "message",
    indexes=(
        Index(("status", "due")),
        Index(("due",)),
        Index(("release",)),
        Index(("region",)),
        Index(("person", "status")),
    ),
)
CHANNEL = Kind("channel")
"""Id: the channel's name; state ``{stopped, code, since, probe_at}``."""

HOLD = Kind("hold")
"""Id `restore`; state ``{active, backup_at, restored_at}``."""

KINDS = (
    OBLIGATION,
    KNOWN_REGION,
    KNOWN_AGENCY,
    CONTACT,
    CONTACT_IMPORT,
    EXEMPTION,
    POST,
    MESSAGE,
    CHANNEL,
    HOLD,
)
