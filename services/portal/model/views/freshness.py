"""How up to date the read model is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Freshness:
    """building: it may lack subjects, and pages say `sedang dibangun`; as_of: machine time at which all that had been
    published was here, None: that is not known yet."""

    building: bool
    as_of: datetime | None
