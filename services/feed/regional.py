"""What of the feed's documents belongs to one region: its webhook endpoints. Its events are made of what the owners
owe."""

from __future__ import annotations

from services.feed.endpoints.kinds import DELIVERY, ENDPOINT, PROGRESS
from services.feed.kinds import FEED_MARK, LATEST
from services.feed.latest.mark import Marks
from shared.ports.audit import AUDIT_NAMES
from shared.ports.store import ID
from shared.runtime.regional import Regional, RegionalKind
from shared.storage.erasures.kinds import ERASURE, ERASURE_LIST


def regional(marks: Marks) -> Regional:
    """marks: a generation begins when a region has left or was replaced, for no event says that a subject is gone."""

    async def left(_region: str) -> None:
        await marks.rebuild()

    return Regional(
        kinds=(
            RegionalKind(LATEST.name, moves=False),
            RegionalKind(ENDPOINT.name),
            RegionalKind(PROGRESS.name, ID, owner=ENDPOINT.name),
            RegionalKind(DELIVERY.name, "endpoint", owner=ENDPOINT.name),
            RegionalKind(ERASURE.name, moves=False),
        ),
        stays=(FEED_MARK.name, ERASURE_LIST.name, *AUDIT_NAMES),
        left=left,
    )
