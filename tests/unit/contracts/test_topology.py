"""The topology as data: exchanges, queues, bindings and the rights of users."""

from __future__ import annotations

import re

import pytest

from shared.contracts.event_types import CONTRACTS, OPEN_SUBJECTS
from shared.contracts.subscriptions import SUBSCRIPTIONS, Subscription, subscription
from shared.contracts.topology import EVENTS, RUNGS, SELECTED, Binding, Queue, Topology, User, subscriber, topology
from tests.support.paths import ROOT

OWNED = tuple(each for each in SUBSCRIPTIONS if not each.rebuilt)
REBUILT = Subscription("archive", "everything", frozenset({"innovation.scored"}), rebuilt=True, single_active=True)
BOUNDED = {
    "x-queue-type": "quorum",
    "x-delivery-limit": 100,
    "x-max-length": 100_000,
    "x-max-length-bytes": 268_435_456,
    "x-overflow": "drop-head",
}
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


def test_every_binding_joins_an_exchange_with_something_that_exists(whole: Topology) -> None:
    exchanges = {("exchange", each.name) for each in whole.exchanges}
    queues = {("queue", each.name) for each in whole.queues}
    for each in whole.bindings:
        assert ("exchange", each.source) in exchanges
        assert (each.destination_type, each.destination) in exchanges | queues


def test_other_systems_exchange_gets_every_event(whole: Topology) -> None:
    assert [each.type for each in whole.exchanges if each.name == SELECTED] == ["headers"]
    assert [each for each in whole.bindings if each.destination == SELECTED] == [
        Binding(EVENTS, SELECTED, "#", "exchange")
    ]


def test_what_a_binding_compares_makes_it_another_binding() -> None:
    one = Binding(SELECTED, "subscriber.a", "", arguments={"x-match": "all", "region": "61.12"})
    same = Binding(SELECTED, "subscriber.a", "", arguments={"region": "61.12", "x-match": "all"})
    other = Binding(SELECTED, "subscriber.a", "", arguments={"x-match": "all", "region": "61.71"})

    assert one.identity == same.identity
    assert len({one.identity, other.identity, Binding(SELECTED, "subscriber.a", "", "exchange").identity}) == 3


@pytest.mark.parametrize("each", SUBSCRIPTIONS, ids=lambda each: each.name)
def test_a_subscription_gets_its_types_and_its_retried_messages(whole: Topology, each: Subscription) -> None:
    heard = {(one.source, one.key) for one in whole.bindings if one.destination == each.name}

    assert heard == {(EVENTS, type) for type in each.types} | {(f"{each.service}.own", each.name)}


@pytest.mark.parametrize("each", OWNED, ids=lambda each: each.name)
def test_a_message_that_is_never_acknowledged_is_parked_and_not_lost(whole: Topology, each: Subscription) -> None:
    assert queue(whole, each.name).arguments == {
        "x-queue-type": "quorum",
        "x-delivery-limit": 100,
        "x-dead-letter-exchange": f"{each.service}.own",
        "x-dead-letter-routing-key": f"{each.name}.parked",
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }
    parked = [one for one in whole.bindings if one.destination == f"{each.name}.parked"]
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


def test_only_queues_of_what_can_be_had_again_have_a_length_limit(whole: Topology) -> None:
    rebuilt = [each.name for each in SUBSCRIPTIONS if each.rebuilt]

    assert [each.name for each in whole.queues if "x-max-length" in each.arguments] == rebuilt


def test_a_rebuilt_subscription_drops_its_oldest_and_has_rungs_and_a_parked_queue_as_every_other() -> None:
    whole = topology([REBUILT])

    assert queue(whole, REBUILT.name).arguments == {**BOUNDED, "x-single-active-consumer": True}
    assert queue(whole, f"{REBUILT.name}.parked").arguments == {"x-queue-type": "quorum", "x-delivery-limit": 1_000_000}
    assert queue(whole, "archive.retry.0").arguments["x-overflow"] == "reject-publish"


def test_a_service_that_is_left_out_gets_neither_user_nor_queue() -> None:
    whole = topology([*OWNED, REBUILT])
    without = topology([*OWNED, REBUILT], without=["archive"])

    assert not [each for each in without.queues if each.name.startswith("archive.")]
    assert {each.name for each in whole.users} - {each.name for each in without.users} == {"archive"}
    assert not [each for each in without.bindings if "archive" in each.source + each.destination]


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


def test_a_foreign_subscriber_gets_one_bounded_queue_without_a_dead_letter_exchange() -> None:
    given = subscriber("data-warehouse", ["scorecard", "innovation"])

    (only,) = given.queues
    assert only == Queue("subscriber.data-warehouse", BOUNDED)
    assert given.bindings == (
        Binding(SELECTED, only.name, "", arguments={"x-match": "all", "subject": "innovation"}),
        Binding(SELECTED, only.name, "", arguments={"x-match": "all", "subject": "scorecard"}),
    )
    assert given.users == (User(name=only.name, read=r"^subscriber\.data\-warehouse$", connections=4, channels=16),)


@pytest.mark.parametrize("where", [{"region": "61.12"}, {"region": "61"}, {"province": "61"}])
def test_a_foreign_subscriber_may_have_a_region_or_a_province(where: dict[str, str]) -> None:
    given = subscriber("dashboard", ["innovation"], **where)  # type: ignore[arg-type]

    assert [each.arguments for each in given.bindings] == [{"x-match": "all", "subject": "innovation", **where}]


@pytest.mark.parametrize(
    ("where", "wrong"),
    [({"region": "6112"}, "6112"), ({"province": "61.12"}, "61.12"), ({"region": "61", "province": "61"}, "either")],
)
def test_a_foreign_subscriber_has_one_code_of_its_form(where: dict[str, str], wrong: str) -> None:
    with pytest.raises(ValueError, match=re.escape(wrong)):
        subscriber("dashboard", ["innovation"], **where)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "subjects", "wrong"),
    [("Big", ["agency"], "Big"), ("a.b", ["agency"], "a.b"), ("ok", ["planet"], "planet"), ("ok", [], "no such")],
)
def test_a_foreign_subscriber_needs_a_plain_name_and_known_subjects(name: str, subjects: list[str], wrong: str) -> None:
    with pytest.raises(ValueError, match=re.escape(wrong)):
        subscriber(name, subjects)


def test_messages_to_people_are_open_to_no_other_system() -> None:
    assert {"innovation", "obligation", "agency", "region"} < OPEN_SUBJECTS
    with pytest.raises(ValueError, match="message"):
        subscriber("curious", ["message"])


def test_the_catalogue_names_its_subscriptions_once() -> None:
    assert len({each.name for each in SUBSCRIPTIONS}) == len(SUBSCRIPTIONS)
    assert subscription("scoring.innovations") in SUBSCRIPTIONS
