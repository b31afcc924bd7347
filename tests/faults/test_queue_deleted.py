"""A queue deleted under a running system: reported with the commands that repair it, and these work."""

from __future__ import annotations

import secrets
from pathlib import Path

import httpx2
import pytest

from shared.contracts.topology import TAIL
from shared.runtime.installed import KNOWN
from tests.servers.rabbit import RabbitServer
from tests.servers.smtp import Mailbox
from tests.support.client import Regency, eventually
from tests.support.commands import satu
from tests.support.faults.engine_state import open_engines
from tests.support.faults.pair import store_url
from tests.support.faults.process_state import check_alive, readiness
from tests.support.faults.processes import RunningSystem
from tests.support.faults.scenario import CLAIMED, EVIDENCE, NOW, check_consequences, play
from tests.support.registry_samples import valid_profile

QUEUE = "scoring.innovations"
PART = f"scoring: consumer {QUEUE}"


@pytest.mark.drawn(3, of="losses")
@pytest.mark.rabbit
@pytest.mark.mongo
@pytest.mark.timeout(240)
@pytest.mark.xdist_group("mortal-rabbit")
async def test_a_deleted_queue_is_reported_and_repaired_and_missed_events_are_sent_again(
    mortal_rabbit: RabbitServer, mongo_url: str, tmp_path: Path, mailbox: Mailbox
) -> None:
    folder = tmp_path / "secrets"
    folder.mkdir()
    password = secrets.token_hex(8)  # the same for all services: one process has one bus address
    for user in {*KNOWN, TAIL}:
        (folder / f"rabbitmq_{user}").write_text(password)
    address = mortal_rabbit.amqp.rpartition("@")[2].rstrip("/")
    management = mortal_rabbit.management_url.replace("//", "//guest:guest@")
    operator = {"RABBITMQ_MANAGEMENT_URL": management, "SECRETS_DIR": str(folder), "DATA_DIR": str(tmp_path)}

    applied = await satu(operator, "topology", "apply")
    assert f"done: queue {QUEUE}" in applied.out

    async with httpx2.AsyncClient(auth=("guest", "guest"), trust_env=False) as api:
        urls = {"BUS_URL": f"amqp://{{service}}:{password}@{address}/", "STORE_URL": store_url(mongo_url)}

        async with RunningSystem(tmp_path, {**urls, "BUSINESS_TIME": NOW}, smtp=mailbox.url) as system:
            await system.process.ready()
            async with (
                Regency(system.url, system.issue) as regency,
                open_engines(system.process.environment) as engines,
            ):
                played = await play(regency)
                await check_consequences(played, mailbox)
                await engines.wait_until_idle()

                (await api.delete(f"{mortal_rabbit.management_url}/api/queues/%2F/{QUEUE}")).raise_for_status()
                parts = await eventually(
                    lambda: readiness(system), lambda parts: parts[PART]["state"] == "queue-missing"
                )
                for words in (QUEUE, "satu topology apply", "satu resync registry"):
                    assert words in parts[PART]["why"]
                assert parts["notifications: consumer notifications.innovations"]["ready"] is True
                (await api.delete(f"{mortal_rabbit.management_url}/api/queues/%2F/feed.latest")).raise_for_status()
                parts = await eventually(
                    lambda: readiness(system),
                    lambda parts: parts["feed: consumer feed.latest"]["state"] == "queue-missing",
                )
                assert {name for name, part in parts.items() if not part["ready"]} <= {
                    PART,
                    *(name for name in parts if name.startswith("feed: ")),
                }
                missed = await regency.draft(played.diligent, valid_profile(applied_on="2026-05-05"), EVIDENCE)
                await regency.submit(missed, played.diligent)  # accepted nevertheless
                await regency.withdraw(played.innovation, played.diligent)
                await eventually(
                    lambda: regency.obligation(played.diligent, 2026), lambda duty: duty["counted"] == [missed]
                )
                await check_alive(system)

                applied = await satu(operator, "topology", "apply")
                assert f"done: queue {QUEUE}" in applied.out
                await system.process.ready()
                assert "satu resync registry" in (await readiness(system))[PART]["why"]  # it is still to be done
                resynced = await satu(system.process.environment, "resync", "registry")
                assert "events owed again" in resynced.out

                card = await eventually(lambda: regency.scorecard(missed), lambda card: card["maturity"] is not None)
                assert card["maturity"]["claimed"] == CLAIMED
                await eventually(
                    lambda: regency.scorecard(played.innovation), lambda card: card["status"] == "withdrawn"
                )
                await engines.wait_until_idle()
                assert len([mail for mail in mailbox.mails if mail.to == played.address]) == 1
                await system.process.stop()
                assert await engines.unfinished() == []
