"""A queue that is deleted under a running system: said in words with the cure, and the cure works."""

from __future__ import annotations

import secrets
from pathlib import Path

import httpx
import pytest

from shared.contracts.event_types import CONTRACTS
from shared.contracts.topology import TAIL
from tests.servers.rabbit import RabbitServer
from tests.servers.smtp import Mailbox
from tests.support.client import Regency, eventually
from tests.support.faults.engine_state import looking
from tests.support.faults.pair import store_url
from tests.support.faults.process_state import lives, satu, standings
from tests.support.faults.processes import Town
from tests.support.faults.scenario import CLAIMED, EVIDENCE, NOW, come_true, live
from tests.support.registry_samples import valid_profile

QUEUE = "scoring.innovations"
PART = f"scoring: consumer {QUEUE}"


@pytest.mark.rabbit
@pytest.mark.mongo
@pytest.mark.timeout(240)
async def test_a_deleted_queue_is_named_with_its_cure_and_the_cure_brings_back_what_was_missed(
    mortal_rabbit: RabbitServer, mongo_url: str, tmp_path: Path, mailbox: Mailbox
) -> None:
    folder = tmp_path / "secrets"
    folder.mkdir()
    password = secrets.token_hex(8)  # the same for all: one process is told one address of the bus
    for user in {each.source for each in CONTRACTS.values()} | {TAIL}:
        (folder / f"rabbitmq_{user}").write_text(password)
    address = mortal_rabbit.amqp.rpartition("@")[2].rstrip("/")
    management = mortal_rabbit.management_url.replace("//", "//guest:guest@")
    operator = {"RABBITMQ_MANAGEMENT_URL": management, "SECRETS_DIR": str(folder), "DATA_DIR": str(tmp_path)}

    applied = await satu(operator, "topology", "apply")
    assert applied.status == 0, applied
    assert f"done: queue {QUEUE}" in applied.out

    async with httpx.AsyncClient(auth=("guest", "guest"), trust_env=False) as api:
        engines = {"BUS_URL": f"amqp://{{service}}:{password}@{address}/", "STORE_URL": store_url(mongo_url)}

        async with Town(tmp_path, {**engines, "BUSINESS_TIME": NOW}, smtp=mailbox.url) as town:
            await town.process.ready()
            async with Regency(town.url, town.issue) as regency, looking(town.process.environment) as look:
                lived = await live(regency)
                await come_true(lived, mailbox)
                await look.at_rest()

                (await api.delete(f"{mortal_rabbit.management_url}/api/queues/%2F/{QUEUE}")).raise_for_status()
                parts = await eventually(lambda: standings(town), lambda parts: parts[PART]["state"] == "queue-missing")
                for words in (QUEUE, "satu topology apply", "satu resync registry"):
                    assert words in parts[PART]["why"]
                assert parts["notifications: consumer notifications.innovations"]["ready"] is True
                missed = await regency.draft(lived.diligent, valid_profile(applied_on="2026-05-05"), EVIDENCE)
                await regency.submit(missed, lived.diligent)  # taken in all the same
                await regency.withdraw(lived.innovation, lived.diligent)
                await eventually(
                    lambda: regency.obligation(lived.diligent, 2026), lambda duty: duty["counted"] == [missed]
                )
                await lives(town)

                applied = await satu(operator, "topology", "apply")
                assert applied.status == 0, applied
                assert f"done: queue {QUEUE}" in applied.out
                await town.process.ready()
                resynced = await satu(town.process.environment, "resync", "registry")
                assert resynced.status == 0, resynced
                assert "events owed again" in resynced.out

                card = await eventually(lambda: regency.scorecard(missed), lambda card: card["maturity"] is not None)
                assert card["maturity"]["claimed"] == CLAIMED
                await eventually(
                    lambda: regency.scorecard(lived.innovation), lambda card: card["status"] == "withdrawn"
                )
                await look.at_rest()
                assert len([mail for mail in mailbox.mails if mail.to == lived.address]) == 1
                await town.process.stop()
                assert await look.left() == []
