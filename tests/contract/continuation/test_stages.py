"""Stages over HTTP: who moved an innovation, since when, and what is stuck. Counts by kind of initiator: in the journey
of Banjar."""

from __future__ import annotations

from typing import Any

from shared.contracts.innovation import InnovationState
from tests.contract.continuation.conftest import Office
from tests.support.registry_service import REGION

RULES = f"/regions/{REGION}/continuation-rules"
SUMMARY = f"/regions/{REGION}/continuation"
ATTENTION = f"/regions/{REGION}/attention"


async def test_a_move_says_who_and_when_and_owes_the_event_of_the_present_status(office: Office) -> None:
    moved = await office.change(
        office.curator, "POST", "/stage", {"pipeline": "pembinaan", "stage": "inkubator_sop", "note": "SOP dibahas."}
    )
    told = await office.told()

    assert moved["stage"]["by"] == "account-curator"
    assert moved["stage"]["note"] == "SOP dibahas."
    assert isinstance(told, InnovationState)
    assert told.continuation is not None
    assert (told.continuation.pipeline, told.continuation.stage) == ("pembinaan", "inkubator_sop")
    assert told.continuation.stage_since is not None
    assert "SOP dibahas" not in told.model_dump_json()
    assert (told.status, told.turn) == ("verified", 3)  # no other turn: nobody is told anew that it was verified


async def test_the_same_stage_again_changes_nothing(office: Office) -> None:
    body = {"pipeline": "labinov", "stage": "design"}
    first = await office.change(office.curator, "POST", "/stage", body)
    again = await office.change(office.curator, "POST", "/stage", body)

    assert again["sequence"] == first["sequence"]
    assert len(await office.registry.owed_events()) == 1


async def test_an_unknown_stage_is_refused_with_those_that_there_are(office: Office) -> None:
    refused = await office.curator.change(
        "POST", f"{office.place}/continuation/stage", {"pipeline": "labinov", "stage": "terbang"}, of=office.place
    )

    assert refused.status_code == 422
    (flaw,) = refused.json()["flaws"]
    assert flaw["field"] == "stage"
    assert "drum_up, diagnose, design, deliver, display" in flaw["message"]


async def test_an_agency_does_not_move_itself_and_another_region_s_curator_moves_nothing(office: Office) -> None:
    body = {"pipeline": "labinov", "stage": "design"}
    path = f"{office.place}/continuation/stage"

    own = await office.owner("POST", path, body, tag='"1"')
    foreign = await office.registry.by("curator-71")("POST", path, body, tag='"1"')

    assert (own.status_code, foreign.status_code) == (403, 403)


async def test_what_stays_longer_than_the_region_s_patience_is_stuck_since_a_day(office: Office) -> None:
    await office.change(office.curator, "POST", "/stage", {"pipeline": "labinov", "stage": "diagnose"})
    early = (await office.curator("GET", f"{ATTENTION}?concern=stuck")).json()["items"]

    office.at("2026-09-01T09:00:00+07:00")  # 92 days later; the patience is 90
    (late,) = (await office.curator("GET", f"{ATTENTION}?concern=stuck")).json()["items"]
    counted = (await office.curator("GET", SUMMARY)).json()

    assert early == []
    assert late["concerns"] == [
        {"concern": "stuck", "since": "2026-08-30", "words": "sudah 92 hari pada tahapan Diagnose"}
    ]
    assert _stage(counted, "labinov", "diagnose")["stuck"] == 1
    assert (await office.read())["stuck_since"].startswith("2026-08-30")


async def test_a_region_has_its_own_stages_and_none_can_be_removed_while_something_is_there(office: Office) -> None:
    read = await office.curator("GET", RULES)
    rules = {key: value for key, value in read.json().items() if key not in {"sequence", "by"}}
    assert (read.headers["ETag"], len(rules["pipelines"])) == ('"0"', 2)
    await office.change(office.curator, "POST", "/stage", {"pipeline": "labinov", "stage": "design"})

    own = {"slug": "klinik", "name": "Klinik Inovasi", "stages": [{"slug": "konsultasi", "name": "Konsultasi"}]}
    without = await office.curator("PUT", RULES, {**rules, "pipelines": [own]}, tag='"0"')
    added = await office.curator("PUT", RULES, {**rules, "pipelines": [*rules["pipelines"], own]}, tag='"0"')
    stale = await office.curator("PUT", RULES, rules, tag='"0"')
    moved = await office.change(office.curator, "POST", "/stage", {"pipeline": "klinik", "stage": "konsultasi"})

    assert (without.status_code, added.status_code, stale.status_code) == (409, 200, 412)
    assert "labinov/design (1 inovasi)" in without.json()["detail"]
    assert [each["stage"] for each in moved["moves"]] == ["design", "konsultasi"]


async def test_a_stage_at_which_only_withdrawn_innovations_are_can_be_removed(office: Office) -> None:
    await office.change(office.curator, "POST", "/stage", {"pipeline": "labinov", "stage": "design"})
    reason = {"reason": "Layanan dihentikan."}
    gone = await office.curator.change("POST", f"{office.place}/withdraw", reason, of=office.place)
    assert gone.json()["status"] == "withdrawn"
    pipelines = (await office.curator("GET", RULES)).json()["pipelines"][:1]

    changed = await office.curator("PUT", RULES, {"pipelines": pipelines}, tag='"0"')

    assert changed.status_code == 200, changed.text


async def test_what_is_recorded_afterwards_names_its_day_and_who_entered_it(office: Office) -> None:
    await moved_on(office, "drum_up", "2026-02-02")
    moved = await moved_on(office, "design", "2026-02-16", note="Bahan lengkap.")
    mended = await moved_on(office, "design", "2026-03-02")
    again = await moved_on(office, "design", "2026-03-02")

    assert [each["at"] for each in moved["moves"]] == ["2026-02-01T17:00:00Z", "2026-02-15T17:00:00Z"]
    assert moved["stage"]["by"] == "account-curator"
    assert moved["stage"]["recorded_at"].startswith("2026-06-01T02:00:0")
    assert [(each["stage"], each["at"]) for each in mended["moves"]] == [
        ("drum_up", "2026-02-01T17:00:00Z"),
        ("design", "2026-03-01T17:00:00Z"),
    ]
    assert (mended["stage"]["note"], again["sequence"]) == ("Bahan lengkap.", mended["sequence"])
    assert (mended["stuck_since"], mended["concerns"][0]["since"]) == ("2026-05-30T17:00:00Z", "2026-05-31")


async def test_a_day_of_a_move_that_cannot_be_is_refused(office: Office) -> None:
    await office.change(
        office.curator, "POST", "/stage", {"pipeline": "labinov", "stage": "drum_up", "on": "2026-02-02"}
    )
    refused = [
        await office.curator.change(
            "POST",
            f"{office.place}/continuation/stage",
            {"pipeline": "labinov", "stage": "design", "on": day},
            of=office.place,
        )
        for day in ("2026-06-02", "2026-02-01")
    ]

    assert [each.json()["flaws"][0]["code"] for each in refused] == ["future", "too-early"]
    assert "2 Februari 2026" in refused[1].json()["flaws"][0]["message"]


async def test_what_has_ended_is_neither_stuck_nor_weak(office: Office) -> None:
    await office.change(
        office.curator, "POST", "/stage", {"pipeline": "labinov", "stage": "design", "on": "2026-01-05"}
    )
    before = await office.change(office.curator, "PUT", "/sustainability", {})
    ended = await office.change(office.curator, "PUT", "/use", {"use": "stopped", "reason": "Selesai."})
    counted = (await office.curator("GET", SUMMARY)).json()

    assert [each["concern"] for each in before["concerns"]] == ["stuck", "weak"]
    assert ([each["concern"] for each in ended["concerns"]], ended["stuck_since"]) == (["stopped"], None)
    assert _stage(counted, "labinov", "design")["stuck"] == 0


async def moved_on(office: Office, stage: str, day: str, **more: str) -> Any:  # noqa: ANN401 - JSON
    """The curator records afterwards that it reached a stage of the laboratory on that day."""
    return await office.change(
        office.curator, "POST", "/stage", {"pipeline": "labinov", "stage": stage, "on": day, **more}
    )


def _stage(summary: Any, pipeline: str, stage: str) -> Any:  # noqa: ANN401 - JSON
    stages = next(each["stages"] for each in summary["pipelines"] if each["slug"] == pipeline)
    return next(each for each in stages if each["slug"] == stage)
