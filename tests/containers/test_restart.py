"""Everything is restarted on its volumes: nothing is lost, nothing is sent twice, and other systems go on."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.containers.compose import Compose
from tests.containers.conftest import REPLICAS
from tests.containers.other_systems import OtherSystems, in_registry
from tests.containers.test_journeys import LATER, YEAR, YESTERDAY, address, mails_to, submitted, wait_until_idle
from tests.support.client import Regency, eventually
from tests.support.registry_samples import valid_evidence


@pytest_asyncio.fixture
async def others(system: Compose, regency: Regency, tmp_path: Path) -> AsyncIterator[OtherSystems]:
    """The examples, not started yet; their access ends with the test."""
    found = OtherSystems(system, regency, tmp_path)
    yield found
    await asyncio.to_thread(found.close)


async def _mails_about(system: Compose, mailbox: str, subject: str) -> list[dict[str, Any]]:
    return [each for each in await mails_to(system, mailbox) if subject in each["subject"]]


@pytest.mark.drawn(2, of="long ones of the containers")
async def test_everything_restarts_on_its_volumes_and_other_systems_go_on(
    regency: Regency, system: Compose, others: OtherSystems
) -> None:
    mailbox = address()
    agency, late = await regency.agency(), await regency.agency("Dinas Terlambat", mail=mailbox)
    await regency.deadline(YEAR, LATER)
    innovation = await submitted(regency, agency)
    await regency.becomes(agency, YEAR, "fulfilled")
    await others.start()  # they begin with what holds, and follow from here
    await regency.deadline(YEAR, YESTERDAY)
    await regency.becomes(late, YEAR, "overdue")
    await eventually(lambda: _mails_about(system, mailbox, "melewati tenggat"), within=60)  # not only the move before
    await regency.give_back(innovation, {"16": "Unggah ulang (contoh)."})
    await wait_until_idle(system)
    before = await asyncio.gather(
        regency.innovation(innovation), regency.scorecard(innovation), regency.obligation(late, YEAR)
    )

    others.kill("node-amqp", "shell-feed")  # the others find their connection closed, and nobody who answers
    await asyncio.to_thread(system.down, volumes=False)
    await asyncio.to_thread(system.up, replicas=REPLICAS)

    after = await asyncio.gather(
        regency.innovation(innovation), regency.scorecard(innovation), regency.obligation(late, YEAR)
    )
    assert json.dumps(after, sort_keys=True) == json.dumps(before, sort_keys=True)
    await others.go_on()
    again = await submitted(regency, late)
    assert (await regency.becomes(late, YEAR, "fulfilled", within=60))["counted"] == [again]
    assert await mails_to(system, mailbox) == []  # the sandbox lost its mails; the ledger did not

    await regency.submit(innovation, agency)
    await regency.verify(innovation, dict.fromkeys(valid_evidence(), 2))
    subjects = [f"region/{regency.code}", *(f"agency/{each}" for each in (agency, late))]
    subjects += [f"innovation/{each}" for each in (innovation, again)]
    versions = await in_registry(regency, *subjects)

    async def sequences() -> dict[str, str]:
        return {subject: event["sequence"] for subject, event in (await others.present()).items()}

    await eventually(sequences, lambda found: found == versions)
    present = await others.present()
    assert present[f"innovation/{innovation}"]["type"] == "innovation.verified"
    await others.until_all_have(present)
