"""Where an innovation comes from: the community, a training project with its decision, another region."""

from __future__ import annotations

from shared.contracts.continuation import OriginKind, Use
from shared.contracts.innovation import InnovationState
from tests.contract.continuation.conftest import Office

ORIGIN = "/continuation/origin"


async def test_an_innovation_of_the_community_names_who_fosters_it(office: Office) -> None:
    said = await office.change(office.owner, "PUT", "/origin", {"kind": "community"})
    told = await office.told()

    assert said["origin"]["fostering_agency"] == office.agency
    assert isinstance(told, InnovationState)
    assert told.continuation is not None
    assert told.continuation.origin is OriginKind.COMMUNITY


async def test_a_training_project_waits_for_a_decision_and_stops_when_it_is_not_continued(office: Office) -> None:
    undecided = await office.change(office.owner, "PUT", "/origin", {"kind": "training", "training": "pkp"})
    await office.registry.owed_events()
    body = {
        "kind": "training",
        "training": "pkp",
        "decision": "stop",
        "decided_on": "2026-05-20",
        "reason": "Selesai bersama pelatihan.",
    }
    stopped = await office.change(office.owner, "PUT", "/origin", body)
    told = await office.told()

    assert [each["concern"] for each in undecided["concerns"]] == ["undecided"]
    assert (stopped["use"]["use"], stopped["use"]["reason"]) == ("stopped", "Selesai bersama pelatihan.")
    assert stopped["question"] is None
    assert isinstance(told, InnovationState)
    assert told.continuation is not None
    assert told.continuation.use is Use.STOPPED


CONTRADICTIONS: list[tuple[dict[str, object], str]] = [
    ({"kind": "own", "training": "pkp"}, "body"),
    ({"kind": "training"}, "body"),
    ({"kind": "training", "training": "pka", "decision": "continue"}, "body"),
    ({"kind": "training", "training": "pka", "decision": "stop", "decided_on": "2026-01-05"}, "body"),
    ({"kind": "training", "training": "pka", "decision": "continue", "decided_on": "2026-06-02"}, "decided_on"),
    ({"kind": "replication"}, "body"),
    ({"kind": "community", "fostering_agency": "nobody"}, "fostering_agency"),
    ({"kind": "community", "idea": "nothing"}, "idea"),
    (
        {"kind": "replication", "replicated": {"region_name": "Banjar", "name": "X", "innovation": "none"}},
        "replicated.innovation",
    ),
]


async def test_an_origin_that_contradicts_itself_is_refused(office: Office) -> None:
    refused = [
        (await office.owner.change("PUT", f"{office.place}{ORIGIN}", body, of=office.place), field)
        for body, field in CONTRADICTIONS
    ]

    assert {answer.status_code for answer, _ in refused} == {422}
    assert [[flaw["field"] for flaw in answer.json()["flaws"]] for answer, _ in refused] == [
        [field] for _, field in refused
    ]


async def test_a_replication_names_another_region_s_innovation(office: Office) -> None:
    replicated = {"region_name": "Kabupaten Banjar", "name": "Loket Keliling", "region": "63.03", "innovation": None}
    said = await office.change(office.owner, "PUT", "/origin", {"kind": "replication", "replicated": replicated})

    assert said["origin"]["replicated"] == replicated
