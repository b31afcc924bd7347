"""The topology as data: exchanges, queues, bindings and the rights of users."""

from __future__ import annotations

import re

import pytest

from shared.contracts.event_types import CONTRACTS
from shared.contracts.subscriptions import SUBSCRIPTIONS, Subscription, subscription
from shared.contracts.topology import EVENTS, RUNGS, Queue, Topology, User, subscriber, topology
from tests.support.paths import ROOT

COMMITTED = ROOT / "deploy/topology/definitions.json"


@pytest.fixture
def whole() -> Topology:
    return topology()


def queue(of: Topology, name: str) -> Queue:
    return next(each for each in of.queues if each.name == name)


def user(of: Topology, name: str) -> User:
    return next(each for each in of.users if each.name == name)


def test_the_committed_definitions_are_the_present_topology(whole: Topology) -> None:
    assert COMMITTED.read_text() == whole.document(), "see deploy/topology/README.md"


def test_names_are_unique_within_a_kind(whole: Topology) -> None:
    exchanges, queues, users = whole.exchanges, whole.queues, whole.users
    for names in ([e.name for e in exchanges], [q.name for q in queues], [u.name for u in users]):
        assert len(names) == len(set(names))
    assert len(whole.bindings) == len(set(whole.bindings))


def test_every_binding_joins_an_exchange_and_a_queue_that_exist(whole: Topology) -> None:
    exchanges = {each.name for each in whole.exchanges}
    queues = {each.name for each in whole.queues}
    assert all(each.source in exchanges and each.queue in queues for each in whole.bindings)


@pytest.mark.parametrize("each", SUBSCRIPTIONS, ids=lambda each: each.name)
def test_a_subscription_gets_its_types_and_its_retried_messages(whole: Topology, each: Subscription) -> None:
    heard = {(one.source, one.key) for one in whole.bindings if one.queue == each.name}

    assert heard == {(EVENTS, type) for type in each.types} | {(f"{each.service}.own", each.name)}


@pytest.mark.parametrize("each", SUBSCRIPTIONS, ids=lambda each: each.name)
def test_a_message_that_is_never_acknowledged_is_parked_and_not_lost(whole: Topology, each: Subscription) -> None:
    assert queue(whole, each.name).arguments == {
        "x-queue-type": "quorum",
        "x-delivery-limit": 100,
        "x-dead-letter-exchange": f"{each.service}.own",
        "x-dead-letter-routing-key": f"{each.name}.parked",
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }
    parked = [one for one in whole.bindings if one.queue == f"{each.name}.parked"]
    assert [(one.source, one.key) for one in parked] == [(f"{each.service}.own", f"{each.name}.parked")]
    assert queue(whole, f"{each.name}.parked").arguments == {"x-queue-type": "quorum", "x-delivery-limit": 1_000_000}


@pytest.mark.parametrize("rung", range(len(RUNGS)))
def test_a_rung_dead_letters_to_its_own_service_and_keeps_the_routing_key(whole: Topology, rung: int) -> None:
    assert queue(whole, f"scoring.retry.{rung}").arguments == {
        "x-queue-type": "quorum",
        "x-delivery-limit": 1_000_000,
        "x-dead-letter-exchange": "scoring.own",
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
        "x-message-ttl": int(RUNGS[rung] * 1000),
    }
    types = {each.name: each.type for each in whole.exchanges}
    assert types[f"scoring.retry.{rung}"] == "fanout"


def test_the_rungs_last_from_seconds_to_hours() -> None:
    assert RUNGS == (5, 30, 300, 1800, 7200)


def test_no_queue_of_ours_has_a_length_limit(whole: Topology) -> None:
    assert not [each.name for each in whole.queues if "x-max-length" in each.arguments]


# --- Users ---


def test_scorings_patterns_are_anchored_and_escaped(whole: Topology) -> None:
    assert user(whole, "scoring") == User(
        name="scoring",
        configure="^$",
        write=r"^(innovation\.events|scoring\..+)$",
        read=r"^scoring\..+$",
        topic_write=r"^(innovation\.scored|region\.indexed)$",
        topic_read="^$",
    )


def test_every_publisher_and_consumer_has_a_user_and_so_has_the_tail(whole: Topology) -> None:
    services = {each.service for each in SUBSCRIPTIONS} | {each.source for each in CONTRACTS.values()}

    assert {each.name for each in whole.users} == services | {"tail"}


def test_only_its_owner_may_publish_a_type(whole: Topology) -> None:
    for type, contract in CONTRACTS.items():
        speakers = [each.name for each in whole.users if re.search(each.topic_write, type)]
        assert speakers == [contract.source]


def test_no_service_reaches_a_queue_or_exchange_of_another(whole: Topology) -> None:
    names = [q.name for q in whole.queues] + [e.name for e in whole.exchanges if e.name != EVENTS]
    for name in names:
        owner = name.partition(".")[0]
        for each in whole.users:
            reaches = [bool(re.search(pattern, name)) for pattern in (each.configure, each.write, each.read)]
            assert reaches == [False, each.name == owner, each.name == owner]


def test_a_pattern_does_not_match_a_similar_name(whole: Topology) -> None:
    scoring = user(whole, "scoring")
    for name in (
        "scoringx.own",
        "xscoring.own",
        "scoring",
        "innovation-events",
        "innovation.events.copy",
        "",
        "amq.default",
    ):
        assert not re.search(scoring.write, name)
    for type in ("innovation.scoredx", "innovationxscored", "x.innovation.scored", ""):
        assert not re.search(scoring.topic_write, type)


def test_a_service_without_event_types_may_publish_nothing() -> None:
    silent = topology([Subscription("archive", "innovations", frozenset({"innovation.scored"}))])

    assert user(silent, "archive").topic_write == "^$"


# --- Names ---


@pytest.mark.parametrize("purpose", ["own", "retry.0", "regions.parked"])
def test_a_purpose_may_not_take_the_name_of_another_part(purpose: str) -> None:
    with pytest.raises(ValueError, match=purpose):
        topology([Subscription("scoring", purpose, frozenset({"region.registered"}))])


# --- Foreign subscribers ---


def test_a_foreign_subscriber_gets_one_bounded_queue() -> None:
    given = subscriber("data-warehouse", ["innovation.scored", "innovation.verified"])

    (only,) = given.queues
    assert only.name == "subscriber.data-warehouse"
    assert only.arguments["x-overflow"] == "drop-head"
    assert only.arguments["x-max-length"] == 100_000
    assert {(each.source, each.queue, each.key) for each in given.bindings} == {
        (EVENTS, only.name, "innovation.scored"),
        (EVENTS, only.name, "innovation.verified"),
    }
    assert given.users == (User(name=only.name, read=r"^subscriber\.data\-warehouse$"),)


@pytest.mark.parametrize(("name", "types"), [("Big", ["agency.retired"]), ("a.b", ["agency.retired"]), ("ok", ["x.y"])])
def test_a_foreign_subscriber_needs_a_plain_name_and_known_types(name: str, types: list[str]) -> None:
    with pytest.raises(ValueError, match=re.escape(name if name != "ok" else "x.y")):
        subscriber(name, types)


def test_a_foreign_subscriber_needs_a_type() -> None:
    with pytest.raises(ValueError, match="no such type"):
        subscriber("empty", [])


def test_the_catalogue_names_its_subscriptions_once() -> None:
    assert len({each.name for each in SUBSCRIPTIONS}) == len(SUBSCRIPTIONS)
    assert subscription("scoring.innovations") in SUBSCRIPTIONS
