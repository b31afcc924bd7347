"""What the feed must show: the newest event of every subject, read from the stores of the services that own them."""

from __future__ import annotations

import json
from collections.abc import Callable

from shared.contracts.event import Event
from tests.support.faults.engine_state import EngineState

NOT_IN_THE_FEED = "message"
"""Alerts name persons, if only by opaque ids."""


async def present(engines: EngineState, holds: Callable[[Event], bool] = lambda _: True) -> dict[str, str]:
    """Subject → its newest event, in the form of `Follower.bodies`. holds: which ones are selected."""
    found: dict[str, tuple[int, str]] = {}
    for name, store in engines.stores.items():
        for kind in engines.kinds[name]:
            async for document in store.dump(kind):
                if document["last_event"] is None:
                    continue
                body = document["last_event"]["body"]
                event = Event.decode(body.encode())
                if event.subject.partition("/")[0] != NOT_IN_THE_FEED and holds(event):
                    newest = found.get(event.subject, (0, ""))
                    found[event.subject] = max(newest, (event.number, json.dumps(json.loads(body), sort_keys=True)))
    return {subject: body for subject, (_, body) in found.items()}
