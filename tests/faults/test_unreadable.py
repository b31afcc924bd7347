"""Messages that no handler can read, published to the bus of a running system, and the operator's commands then."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from shared.adapters.rabbit.bus import RabbitBus
from shared.contracts.innovation import INNOVATION_SUBMITTED
from shared.contracts.subscriptions import SUBSCRIPTIONS
from shared.ports.bus import Bus
from tests.servers.rabbit import Rabbit
from tests.servers.smtp import Mailbox
from tests.support.client import Regency, eventually
from tests.support.commands import satu
from tests.support.events import AGENCY, agency_event, altered, newer
from tests.support.faults.engine_state import EngineState, open_engines
from tests.support.faults.pair import pair
from tests.support.faults.process_state import check_alive, readiness
from tests.support.faults.processes import RunningSystem
from tests.support.faults.scenario import EVIDENCE, NOW, YEAR
from tests.support.forks.process import Output
from tests.support.registry_samples import valid_profile

pytestmark = [pytest.mark.timeout(240), pytest.mark.sampled(1)]
AGENCIES, INNOVATIONS = "notifications.agencies", "scoring.innovations"


PORTAL = "portal.model"
FEED = "feed.latest"  # passes events on, and leaves their payloads unread


def others(name: str, type: str) -> list[str]:
    """The other subscriptions to an event type."""
    return [each.name for each in SUBSCRIPTIONS if type in each.types and each.name != name]


@dataclass(frozen=True)
class Scene:
    """A running system with one region, and its bus as an administrator reaches it."""

    system: RunningSystem
    bus: Bus
    engines: EngineState
    regency: Regency

    async def parked(self, subscription: str, count: int) -> list[dict[str, Any]]:
        """The output of `satu parked show`, once there are that many messages."""
        await eventually(lambda: self.engines.parked(subscription), lambda them: len(them) == count)
        shown = await self.satu("parked", "show", "--subscription", subscription)
        return [json.loads(line) for line in shown.out.splitlines()]

    async def satu(self, *arguments: str) -> Output:
        """Run an operator's command beside the running system."""
        return await satu(self.system.process.environment, *arguments)


@pytest.fixture(params=["embedded", pytest.param("pair", marks=[pytest.mark.rabbit, pytest.mark.mongo])])
async def scene(request: pytest.FixtureRequest, tmp_path: Path, mailbox: Mailbox) -> AsyncIterator[Scene]:
    async with AsyncExitStack() as stack:
        urls: dict[str, str] = {}
        direct: Bus | None = None
        if request.param == "pair":
            rabbit: Rabbit = request.getfixturevalue("rabbit")
            vhost = await stack.enter_async_context(rabbit.vhost())
            urls = pair(vhost, request.getfixturevalue("mongo_url"))
            direct = RabbitBus(vhost.url)  # as the broker's administrator: a service may publish only its own types
            await direct.open()
            stack.push_async_callback(direct.close)
        system = await stack.enter_async_context(
            RunningSystem(tmp_path, {**urls, "BUSINESS_TIME": NOW}, smtp=mailbox.url)
        )
        await system.process.ready()
        regency = await stack.enter_async_context(Regency(system.url, system.issue))
        engines = await stack.enter_async_context(open_engines(system.process.environment))
        await regency.found()
        yield Scene(system, direct or engines.buses["registry"], engines, regency)


async def test_an_unreadable_message_is_parked_with_its_reason_and_the_queue_continues(scene: Scene) -> None:
    event = agency_event("7a0f5c1e-0000-4000-8000-00000000000a", name="Dinas Salah Jalan")
    broken = altered(event, data={"id": "x"})  # type: ignore[arg-type]
    messages = {
        "garbage": (AGENCY, b"\x00\xff\xfe no event"),
        "misrouted": ("agency.retired", event.encode()),
        "unknown": (AGENCY, altered(event, type="agency.dreamt", dataschema="urn:satu-inovasi:event:agency.dreamt:1")),
        "broken": (AGENCY, broken),
    }
    for id, (key, body) in messages.items():
        await scene.bus.publish(key, id, "61.12", body, mandatory=True)
    parked = {each["id"]: each for each in await scene.parked(AGENCIES, len(messages))}

    assert set(parked) == set(messages)
    assert {each["fault"] for each in parked.values()} == {"Unreadable"}
    assert parked["garbage"]["body"] == f"hex:{messages['garbage'][1].hex()}"
    assert "routing key 'agency.retired'" in parked["misrouted"]["reason"]
    assert "unknown type 'agency.dreamt'" in parked["unknown"]["reason"]
    assert parked["broken"]["body"] == json.loads(broken)
    assert all(each["attempts"] == 1 and each["last_at"] for each in parked.values())
    listed = (await scene.satu("parked", "list", "--subscription", AGENCIES)).out.splitlines()
    assert len(listed) == len(messages)
    assert all(line.startswith(f"{AGENCIES}  ") for line in listed)

    behind = await scene.regency.agency(
        "Dinas di Belakangnya", mail="belakang@satu.example"
    )  # messages behind it are handled
    assert behind
    await check_alive(scene.system)

    # A message that was only misrouted is handled after a replay. The others are parked again, or discarded.
    assert (
        await scene.satu("parked", "replay", "--subscription", AGENCIES, "--dry-run")
    ).out == "4 would be replayed\n"
    assert (await scene.satu("parked", "replay", "--subscription", AGENCIES, "--id", "misrouted")).out == "1 replayed\n"
    store = scene.engines.stores["notifications"]
    await eventually(lambda: store.get("known_agency", "7a0f5c1e-0000-4000-8000-00000000000a"))
    assert (
        await scene.satu("parked", "replay", "--subscription", AGENCIES, "--reason", "dreamt")
    ).out == "1 replayed\n"
    await scene.parked(AGENCIES, 3)
    environment = scene.system.process.environment
    refused = await satu(environment, "parked", "discard", "--subscription", AGENCIES, status=2)
    assert "--all" in refused.err
    assert (await scene.satu("parked", "discard", "--subscription", AGENCIES, "--all")).out == "3 discarded\n"
    for other in others(AGENCIES, AGENCY):
        assert {each["id"] for each in await scene.parked(other, len(messages) - (other == FEED))} >= {
            "garbage",
            "misrouted",
            "unknown",
        }
        await scene.satu("parked", "discard", "--subscription", other, "--all")
    assert (await scene.satu("parked", "list")).out == ""
    await scene.engines.wait_until_idle()


async def test_a_newer_schema_pauses_the_consumer_and_is_never_parked(scene: Scene) -> None:
    event = agency_event("7a0f5c1e-0000-4000-8000-00000000000b", name="Dinas Masa Depan")
    await scene.bus.publish(AGENCY, event.id, "61.12", newer(event), mandatory=True)

    def waits(parts: dict[str, Any]) -> bool:
        return bool(parts[f"notifications: consumer {AGENCIES}"]["state"] == "paused")

    paused = (await eventually(lambda: readiness(scene.system), waits))[f"notifications: consumer {AGENCIES}"]
    assert f"{AGENCY} version 99; this process knows 1" in paused["why"]

    agency = await scene.regency.agency("Dinas Sekarang")  # all other subscriptions continue
    innovation = await scene.regency.draft(agency, valid_profile(applied_on="2026-05-05"), EVIDENCE, YEAR)
    await scene.regency.submit(innovation, agency)
    await eventually(lambda: scene.regency.scorecard(innovation), lambda card: card["maturity"] is not None)
    store = scene.engines.stores["notifications"]
    await eventually(lambda: store.get("known_agency", agency))  # also the messages behind it, one by one

    assert await scene.engines.parked() == []
    assert waits(await readiness(scene.system))
    await scene.system.process.stop()
    left = await scene.engines.unfinished()  # it is still there, for a release that knows it
    assert [line for line in left if AGENCIES in line or "notifications.retry" in line or "bus:" in line]
    assert await store.get("known_agency", "7a0f5c1e-0000-4000-8000-00000000000b") is None


async def test_a_message_that_violates_its_contract_changes_no_scorecard(scene: Scene) -> None:
    agency = await scene.regency.agency("Dinas Rajin")
    innovation = await scene.regency.draft(agency, valid_profile(applied_on="2026-05-05"), EVIDENCE, YEAR)
    await scene.regency.submit(innovation, agency)
    card = await eventually(lambda: scene.regency.scorecard(innovation), lambda card: card["maturity"] is not None)
    [newest] = [each for each in await scene.engines.last_events("registry", "innovation") if innovation in each.id]
    event = json.loads(newest.body)
    event["data"]["evidence"] = "lengkap"
    event["sequence"] = f"{int(event['sequence']) + 1:016d}"
    event["id"] = f"{event['subject']}/{event['sequence']}"

    await scene.bus.publish(INNOVATION_SUBMITTED.type, event["id"], "61.12", json.dumps(event).encode(), mandatory=True)

    [parked] = await scene.parked(INNOVATIONS, 1)
    assert "evidence" in parked["reason"]
    assert await scene.regency.scorecard(innovation) == card
    await scene.satu("parked", "discard", "--subscription", INNOVATIONS, "--id", event["id"])
    for other in others(INNOVATIONS, INNOVATION_SUBMITTED.type):
        if other not in (FEED, PORTAL):  # neither reads the evidence
            await scene.parked(other, 1)
            await scene.satu("parked", "discard", "--subscription", other, "--all")
    await scene.engines.wait_until_idle()
