"""SIGKILL between any two steps of sending, with providers that count: every person is told exactly once on each
channel, except when the kill falls between the provider's answer and our record of it."""

from __future__ import annotations

import os
import random
import signal
from collections import Counter
from pathlib import Path

import pytest

from services.notifications.contacts.contact import Contact
from services.notifications.contacts.repositories import contact_repository
from services.notifications.messages.message import Message
from shared.observability.failpoints import Failpoint
from tests.support.faults.sending_process import BOUNCED, PEOPLE, taken
from tests.support.forks.process import environment_with, output_of
from tests.support.notifications_service import notifications_service, person_id
from tests.unit.notifications.sending.conftest import NOON

PLACES: dict[str, tuple[str, ...]] = {
    "an attempt": (f"{Failpoint.ATTEMPT_OPENED}@#2", f"{Failpoint.ATTEMPT_CLOSED}@#2"),
    "a hand-over": (f"{Failpoint.ATTEMPT_MADE}@#2", f"{Failpoint.ATTEMPT_MADE}@#5"),
    "a fallback": (f"{Failpoint.FALLBACK_OPENED}@#1", f"{Failpoint.FALLBACK_OPENED}@#3"),
    "a receipt": (
        f"{Failpoint.RECEIPT_STORED}@#1",
        f"{Failpoint.RECEIPT_STORED}@#4",
        f"{Failpoint.RECEIPT_APPLIED}@#1",
        f"{Failpoint.RECEIPT_APPLIED}@#3",
    ),
    "a commit": (
        f"{Failpoint.CHANGE_COMMITTED}@message/#8",
        f"{Failpoint.CHANGE_COMMITTED}@contact/#4",
        f"{Failpoint.CHANGE_COMMITTED}@post/#7",
    ),
}
"""Where the process kills itself: one place of each kind, drawn by the seed; `make soak` uses all."""

ALL = bool(os.environ.get("SOAK_SECONDS"))
UNCERTAIN = {"attempt.made"}


async def run(folder: Path, where: str) -> int:
    """One process; its exit code."""
    done = await output_of(
        "tests.support.faults.sending_process", str(folder), where, environment=environment_with({}), within=120
    )
    assert done.status in (0, -signal.SIGKILL), done
    return done.status


async def end_state(folder: Path) -> tuple[dict[str, Message], dict[str, Contact]]:
    """By person."""
    async with notifications_service(folder, at=NOON) as service:
        messages = {await service.name_of(each.value.person): each.value for each in await service.messages()}
        contacts = contact_repository(service.store)
        return messages, {name: (await contacts.get(person_id(name))).value for name in PEOPLE}


@pytest.mark.sampled(2)
@pytest.mark.timeout(180)
@pytest.mark.parametrize("after", PLACES)
async def test_killed_after(after: str, tmp_path: Path) -> None:
    """Each place in a store of its own."""
    for number, where in enumerate(PLACES[after] if ALL else [random.choice(PLACES[after])]):
        print(f"killed at {where}")
        folder = tmp_path / str(number)
        folder.mkdir()
        await killed_at(where, folder)


async def killed_at(where: str, tmp_path: Path) -> None:
    """One process is killed there, and another one takes up what it left."""
    # Given a process that is killed at this place
    assert await run(tmp_path, where) == -signal.SIGKILL

    # When another one takes up what it left
    assert await run(tmp_path, "never") == 0

    # Then every person got one message by WhatsApp and its one copy by e-mail
    counted = Counter((channel, attempt.partition("/")[0]) for channel, attempt in taken(tmp_path))
    assert set(counted) == {(channel, person_id(name)) for channel in ("whatsapp", "email") for name in PEOPLE}
    twice = [key for key, count in counted.items() if count > 1]
    uncertain = where.partition("@")[0] in UNCERTAIN
    assert len(twice) == uncertain
    assert max(counted.values()) == 1 + uncertain

    # And the end state is the same as if nothing had happened
    messages, contacts = await end_state(tmp_path)
    assert {name: each.status.value for name, each in messages.items()} == {
        name: "failed" if name == BOUNCED else "delivered" for name in PEOPLE
    }
    assert {name for name, each in messages.items() if each.release} == set()
    assert [contacts[BOUNCED].phone_closed, contacts[BOUNCED].email_closed] == ["131026", "131026"]
    repeated = {name for name, each in messages.items() if each.possibly_repeated}
    assert {person_id(name) for name in repeated} >= {person for _, person in twice}
