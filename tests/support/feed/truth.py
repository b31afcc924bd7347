"""What the feed must show: the newest event of every subject, read from the stores of the services that own them; and
that it does."""

from __future__ import annotations

import json
from collections.abc import Callable

from shared.contracts.event import Event
from shared.contracts.event_types import OPEN_SUBJECTS
from tests.support.client import eventually
from tests.support.faults.engine_state import EngineState
from tests.support.faults.processes import RunningSystem
from tests.support.feed.follower import Follower
from tests.support.feed.grants import subscriber


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
                if event.subject.partition("/")[0] in OPEN_SUBJECTS and holds(event):
                    newest = found.get(event.subject, (0, ""))
                    found[event.subject] = max(newest, (event.number, json.dumps(json.loads(body), sort_keys=True)))
    return {subject: body for subject, (_, body) in found.items()}


def follower_of(system: RunningSystem) -> Follower:
    """Another system that has read nothing yet, and takes everything."""
    return Follower(system.url, system.issue(subscriber("pengikut")), limit=3)


async def followers_have_the_present(
    engines: EngineState, *followers: Follower, within: float = 30.0
) -> dict[str, str]:
    """Wait until each of them, when it reads on from its cursor, has the present of a complete feed; returns it. The
    system must be at rest."""
    whole = await present(engines)
    for follower in followers:

        async def differs(follower: Follower = follower) -> set[str]:
            await follower.read()
            kept = follower.bodies()
            wrong = {each for each in kept.keys() | whole.keys() if kept.get(each) != whole.get(each)}
            return wrong if follower.complete else wrong | {"it is not complete"}

        await eventually(differs, lambda them: not them, within=within)
    assert whole
    return whole
