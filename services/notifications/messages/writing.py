"""From the post to the message and back: a message that a person's post has taken is written out, once; alerts that
left a message are released from the post."""

from __future__ import annotations

from contextlib import suppress

from services.notifications.keys import mail_key
from services.notifications.kinds import MESSAGE, POST
from services.notifications.messages import alert_log as posts
from services.notifications.messages import message as messages
from shared.clock import machine_ms
from shared.faults import NotFound
from shared.observability.failpoints import Failpoint, reach
from shared.ports.store import Range, State, Store
from shared.storage.steps import if_exists, without_event


def message_id(person: str, number: int) -> str:
    """The document's id, and the end of its events' subject."""
    return f"{person}/{number}"


async def write_out(store: Store, person: str) -> bool:
    """Write the message that the post of `person` still owes, if any; says whether there was one. A crash between the
    two documents is healed by running this again."""
    document = await store.get(POST.name, person)
    if document is None or not document.state["unwritten"]:
        return False
    number = document.state["unwritten"]
    letter = _as_taken(document.state, number)
    with suppress(NotFound):  # never: it is made when it is not there
        await store.change(
            MESSAGE.name, message_id(person, number), without_event(lambda state: None if state else letter)
        )
    reach(Failpoint.MESSAGE_WRITTEN, message_id(person, number))
    await store.change(POST.name, person, without_event(lambda state: posts.written(state, number)))
    return True


async def write_all_out(store: Store) -> int:
    """Write whatever an earlier run left unwritten; returns how many messages."""
    count = 0
    async for row in store.scan(POST.name, {"unwritten": Range(least=1)}, ()):
        count += await write_out(store, row.id)
    return count


async def release(store: Store, message: str, state: State) -> None:
    """Let the post go of the alerts that left this message, so that they can fall due again."""
    gone = frozenset(state["leaving"])
    with suppress(NotFound):
        await store.change(
            POST.name, state["person"], without_event(lambda post: posts.release(post, state["number"], gone))
        )
    await store.change(MESSAGE.name, message, if_exists(lambda now: messages.released(now, gone)))


async def release_all(store: Store) -> None:
    """Finish the releases that an earlier run left."""
    async for row in store.scan(MESSAGE.name, {"release": 1}, ("person", "number", "leaving")):
        await release(store, row.id, row)


def _as_taken(post: State, number: int) -> State:
    mail = mail_key(post["person"], number, post["taken_at"])
    return messages.fresh(post, number, posts.of_message(post, number), mail, machine_ms())
