"""`apply` and `check` of the topology against a real broker's management API."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator

import aio_pika
import pytest
from aio_pika.abc import AbstractChannel

from shared.adapters.rabbit.management import Management
from shared.adapters.rabbit.provision import apply, check
from shared.contracts.subscriptions import SUBSCRIPTIONS
from shared.contracts.topology import EVENTS, Exchange, Topology, topology
from shared.faults import BusAway
from tests.servers.rabbit import RUNGS, Rabbit, Vhost, free_ports
from tests.support.rabbit_vhost import INNOVATIONS, SUBMITTED, channel, opened, plain, vhost

__all__ = ["plain", "vhost"]
pytestmark = pytest.mark.rabbit


@pytest.fixture
async def bare(rabbit: Rabbit) -> AsyncIterator[Vhost]:
    """A virtual host with nothing in it."""
    fresh = await rabbit.fresh_vhost(applied=False)
    yield fresh
    await rabbit.drop(fresh)


def without_type(whole: Topology, type: str) -> Topology:
    return dataclasses.replace(whole, bindings=tuple(each for each in whole.bindings if each.key != type))


async def test_apply_creates_and_reports_all_and_a_second_time_has_nothing_to_do(bare: Vhost) -> None:
    announced = await check(bare.management, bare.topology)
    done = await apply(bare.management, bare.topology, bare.passwords)
    again = await apply(bare.management, bare.topology, bare.passwords)

    for change in (
        "exchange innovation.events",
        "queue scoring.innovations.parked",
        "binding innovation.events → scoring.innovations (innovation.submitted)",
        "permissions of scoring",
        "topic permissions of tail",
    ):
        assert change in announced.changes
        assert change in done.changes
    assert done.faults == ()
    assert again.in_place
    assert (await check(bare.management, bare.topology, bare.passwords)).in_place


async def test_check_changes_nothing(bare: Vhost) -> None:
    await check(bare.management, bare.topology)

    async with channel(bare.url) as plain:
        with pytest.raises(aio_pika.exceptions.ChannelNotFoundEntity):
            await plain.get_queue("scoring.innovations")


async def test_a_virtual_host_that_does_not_exist_is_created(rabbit: Rabbit, bare: Vhost) -> None:
    elsewhere = dataclasses.replace(bare.management, vhost=f"{bare.name}-made")

    report = await apply(elsewhere, bare.topology, bare.passwords)

    assert f"virtual host {elsewhere.vhost}" in report.changes
    assert report.faults == ()
    await rabbit.drop(dataclasses.replace(bare, name=elsewhere.vhost))


async def test_a_deleted_queue_is_created_again_and_others_keep_theirs(vhost: Vhost, plain: AbstractChannel) -> None:
    async with opened(vhost.url) as bus:
        await bus.publish(SUBMITTED, "a", "61.12", b"x", mandatory=True)
        await plain.queue_delete("scoring.regions")

        report = await apply(vhost.management, vhost.topology, vhost.passwords)

        assert "queue scoring.regions" in report.changes
        assert (await bus.state(INNOVATIONS)).ready == 1


async def test_a_binding_that_the_catalogue_no_longer_names_is_removed(vhost: Vhost) -> None:
    fewer = without_type(vhost.topology, "innovation.drafted")

    report = await apply(vhost.management, fewer, vhost.passwords)

    assert "no binding innovation.events → scoring.innovations (innovation.drafted) any more" in report.changes
    async with opened(vhost.url) as bus:
        await bus.publish("innovation.drafted", "a", "61.12", b"x", mandatory=False)
        assert (await bus.state(INNOVATIONS)).ready == 0


async def test_a_changed_password_is_noticed_and_set(rabbit: Rabbit, bare: Vhost) -> None:
    # a user of this test alone: users belong to the broker, not to the virtual host
    mine = dataclasses.replace(bare.topology.users[0], name=f"user-{bare.name}")
    wanted = Topology(exchanges=(Exchange(EVENTS, "topic"),), users=(mine,))
    await apply(bare.management, wanted, {mine.name: "first"})

    announced = await check(bare.management, wanted, {mine.name: "second"})
    done = await apply(bare.management, wanted, {mine.name: "second"})

    assert announced.changes == done.changes == (f"password of {mine.name}",)
    async with opened(bare.url.replace("guest:guest@", f"{mine.name}:second@")) as bus:
        await bus.ping()
    with pytest.raises(BusAway):
        async with opened(bare.url.replace("guest:guest@", f"{mine.name}:first@")):
            pass


async def test_permissions_that_were_widened_are_narrowed_again(vhost: Vhost) -> None:
    wide = tuple(dataclasses.replace(each, write=".*", topic_write=".*") for each in vhost.topology.users)
    await apply(vhost.management, dataclasses.replace(vhost.topology, users=wide), vhost.passwords)

    report = await apply(vhost.management, vhost.topology, vhost.passwords)

    assert {"permissions of scoring", "topic permissions of scoring"} <= set(report.changes)
    assert (await check(vhost.management, vhost.topology)).in_place


async def test_arguments_that_differ_are_a_fault_with_its_cure_and_nothing_is_deleted(vhost: Vhost) -> None:
    slower = topology(SUBSCRIPTIONS, tuple(2 * seconds for seconds in RUNGS))

    report = await apply(vhost.management, slower, vhost.passwords)

    assert len(report.faults) == 20  # five rungs of four services
    assert all("new name, drain the old one" in fault for fault in report.faults)
    assert (await check(vhost.management, vhost.topology)).in_place


async def test_a_queue_that_is_left_over_is_named(vhost: Vhost) -> None:
    fewer = topology([each for each in SUBSCRIPTIONS if each.name != "scoring.regions"], RUNGS)

    report = await apply(vhost.management, fewer, vhost.passwords)

    assert [fault.split(" is ")[0] for fault in report.faults] == [
        "queue scoring.regions",
        "queue scoring.regions.parked",
    ]


async def test_a_service_that_is_left_out_gets_nothing_and_what_there_is_of_it_stays(bare: Vhost, vhost: Vhost) -> None:
    without = topology(SUBSCRIPTIONS, RUNGS, without=["feed"])

    announced = await check(bare.management, without)
    done = await apply(vhost.management, without, vhost.passwords)

    assert "queue scoring.innovations" in announced.changes
    assert not [change for change in announced.changes if "feed" in change]
    assert done.in_place
    assert (await check(vhost.management, vhost.topology)).in_place


async def test_every_user_needs_a_password_before_anything_is_touched(bare: Vhost) -> None:
    with pytest.raises(KeyError, match="tail"):
        await apply(bare.management, bare.topology, {"registry": "x", "scoring": "x", "notifications": "x"})

    assert (await check(bare.management, bare.topology)).changes


async def test_a_wrong_administrator_raises_without_naming_the_password(bare: Vhost) -> None:
    wrong = dataclasses.replace(bare.management, password="not-the-password")

    with pytest.raises(BusAway) as caught:
        await apply(wrong, bare.topology, bare.passwords)

    assert "refuses the administrator" in str(caught.value)
    assert "not-the-password" not in f"{caught.value} {wrong!r}"


async def test_a_broker_that_does_not_answer_raises_bus_away_after_the_patience() -> None:
    (port,) = free_ports(1)
    silent = Management(f"http://127.0.0.1:{port}", "guest", "guest")

    with pytest.raises(BusAway, match="does not answer"):
        await check(silent, topology(), patience=0.1)
