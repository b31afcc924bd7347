"""What one process has still to look at in one region. In memory; a start looks at everything."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from services.notifications.known import KnownRegion
from services.notifications.reminders.policy.alert_policy import AlertPolicies


@dataclass
class RegionWork:
    """sequence, policies_sequence: versions of the documents that `known` and `policies` were read from; behind: its
    obligations do not follow its newest policy yet; everything: all agencies; own: the region's curators and
    executives; agencies: ids; later: ids that a daily cap defers to tomorrow; day: the local day of the last look,
    None: there was none; own_at: seconds of the machine at which its own people were looked at; unreachable: agencies
    with something that nobody could be told; held: person → alerts."""

    known: KnownRegion
    sequence: int
    policies: AlertPolicies
    policies_sequence: int = 0
    behind: bool = False
    everything: bool = True
    own: bool = True
    agencies: set[str] = field(default_factory=set)
    later: set[str] = field(default_factory=set)
    day: date | None = None
    own_at: float = 0.0
    unreachable: set[str] = field(default_factory=set)
    held: dict[str, int] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """Of the region."""
        return self.known.value.code

    @property
    def waits(self) -> bool:
        """Whether there is anything to look at, besides what is marked in the store."""
        return self.everything or self.own or bool(self.agencies)
