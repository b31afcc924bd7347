"""Where an innovation comes from: the community, a training project with its decision, another region."""

from __future__ import annotations

from shared.contracts.continuation import OriginKind, Use
from shared.contracts.innovation import InnovationState
from tests.contract.continuation.conftest import Office
from tests.support.registry_service import REGION

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


async def test_a_decision_to_stop_that_is_taken_back_is_as_if_it_had_not_been(office: Office) -> None:
    training = {"kind": "training", "training": "pkp"}
    stop = {**training, "decision": "stop", "decided_on": "2026-05-20", "reason": "Selesai bersama pelatihan."}
    goes_on = {**training, "decision": "continue", "decided_on": "2026-06-01"}
    await office.change(office.owner, "PUT", "/origin", stop)
    await office.registry.owed_events()
    again = await office.change(office.owner, "PUT", "/origin", goes_on)
    told = await office.told()

    await office.change(office.owner, "PUT", "/origin", stop)
    await office.change(office.curator, "PUT", "/use", {"use": "stopped", "reason": "Tidak dipakai lagi."})
    found = await office.change(office.owner, "PUT", "/origin", goes_on)

    assert (again["use"]["use"], again["question"]["asked_on"]) == ("live", "2026-12-01")
    assert isinstance(told, InnovationState)
    assert told.continuation is not None
    assert told.continuation.use is Use.LIVE
    assert (found["use"]["use"], found["use"]["reason"]) == ("stopped", "Tidak dipakai lagi.")


async def test_a_draft_whose_training_project_goes_on_after_all_is_asked_about_once_it_is_verified(
    office: Office,
) -> None:
    curator, training = office.curator, {"kind": "training", "training": "pkp"}
    office.place = await office.registry.submitted(office.agency, "another")
    stop = {**training, "decision": "stop", "decided_on": "2026-05-20", "reason": "Selesai bersama pelatihan."}
    await office.change(office.owner, "PUT", "/origin", stop)
    again = await office.change(
        office.owner, "PUT", "/origin", {**training, "decision": "continue", "decided_on": "2026-06-01"}
    )
    await curator.change("POST", f"{office.place}/verify", {"rows": {}}, of=office.place)
    await office.look()
    asked = await office.read()

    assert again["use"] is None
    assert (asked["use"]["use"], asked["question"]["asked_on"]) == ("live", "2026-12-01")


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
    ({"kind": "replication", "replicated": {"region_name": "X", "name": "X", "region": REGION}}, "replicated.region"),
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


async def test_an_innovation_of_the_own_region_is_no_replication_s_origin(office: Office) -> None:
    other = await office.registry.submitted(office.agency, "another")
    await office.curator.change("POST", f"{other}/verify", {"rows": {}}, of=other)
    replicated = {"region_name": "Kabupaten Banjar", "name": "Loket", "innovation": other.rpartition("/")[2]}
    body = {"kind": "replication", "replicated": replicated}
    refused = await office.owner.change("PUT", f"{office.place}{ORIGIN}", body, of=office.place)

    assert [flaw["code"] for flaw in refused.json()["flaws"]] == ["other-region"]


async def test_what_one_agency_fosters_for_the_community_another_fosters_after_a_move(office: Office) -> None:
    await office.change(office.owner, "PUT", "/origin", {"kind": "community"})
    other = await office.registry.agency("Dinas Sosial")
    where = {"agency": other, "year": 2026, "reason": "Pindah pembina."}
    moved = await office.curator.change("POST", f"{office.place}/reassign", where, of=office.place)
    read = await office.read()

    assert moved.is_success, moved.text
    assert (read["agency"], read["origin"]["fostering_agency"]) == (other, other)
