"""Follow-ups over HTTP: is it still in use? Answers with figures and proofs, and what lapses."""

from __future__ import annotations

from shared.contracts.continuation import Use
from shared.contracts.innovation import InnovationState
from tests.contract.continuation.conftest import Office
from tests.support.small_files import PDF_FILE

LIVE = {"use": "live", "figures": [{"label": "Warga terlayani", "value": 1250.5, "unit": "orang"}], "note": "Ramai."}


async def test_a_verified_innovation_is_asked_after_the_region_s_months_without_anybody_planning_it(
    office: Office,
) -> None:
    looked, again = await office.look(), await office.look()
    told = await office.told()

    assert (looked, again) == ((1, 0), (0, 0))
    assert isinstance(told, InnovationState)
    assert told.continuation is not None
    assert (told.continuation.follow_up, told.continuation.use) == (1, Use.LIVE)
    assert str(told.continuation.follow_up_on) == "2026-12-01"
    assert str(told.continuation.follow_up_until) == "2026-12-31"


async def test_the_answer_of_the_owner_keeps_figures_and_proofs_and_the_next_question_follows(office: Office) -> None:
    await office.look()
    office.at("2026-12-02T09:00:00+07:00")
    files = {"file": ("laporan.pdf", PDF_FILE, "application/pdf")}
    await office.change(office.owner, "POST", "/follow-up/files", files=files)
    answered = await office.change(office.owner, "POST", "/follow-up/answer", LIVE)

    (settled,) = answered["follow_ups"]
    (file,) = settled["files"]
    path = f"{office.place}/continuation/follow-ups/1/files/{file['digest']}"
    read = await office.curator("GET", path)
    foreign = await office.registry.by("curator-71")("GET", path)
    told = (await office.registry.owed_events())[-1][1]

    assert settled["answer"]["figures"] == LIVE["figures"]
    assert settled["number"] == 1
    assert (read.status_code, read.content) == (200, PDF_FILE)
    assert foreign.status_code == 403
    assert answered["question"] == {"number": 2, "asked_on": "2027-06-02", "until": "2027-07-02", "files": []}
    assert "Ramai" not in told.model_dump_json()
    assert "laporan" not in told.model_dump_json()


async def test_a_question_that_nobody_answers_lapses_and_the_innovation_is_dormant_until_somebody_does(
    office: Office,
) -> None:
    await office.look()
    await office.registry.owed_events()
    office.at("2026-12-31T09:00:00+07:00")
    in_time = await office.look()
    office.at("2027-01-01T09:00:00+07:00")
    lapsed = await office.look()
    told = await office.told()
    after = await office.read()

    assert (in_time, lapsed) == ((0, 0), (0, 1))
    assert isinstance(told, InnovationState)
    assert told.continuation is not None
    assert (told.continuation.use, told.continuation.follow_up) == (Use.DORMANT, 2)
    assert after["follow_ups"][0]["lapsed_on"] == "2027-01-01"
    assert after["question"]["asked_on"] == "2027-07-01"
    assert [each["concern"] for each in after["concerns"]] == ["dormant"]

    answered = await office.change(office.owner, "POST", "/follow-up/answer", LIVE)
    assert (answered["use"]["use"], answered["question"]["number"]) == ("live", 3)


async def test_one_that_has_ended_says_why_and_is_asked_no_more(office: Office) -> None:
    await office.look()
    unreasoned = await office.owner.change(
        "POST", f"{office.place}/continuation/follow-up/answer", {"use": "stopped"}, of=office.place
    )
    body = {"use": "stopped", "reason": "Layanan beralih ke aplikasi nasional."}
    stopped = await office.change(office.owner, "POST", "/follow-up/answer", body)
    looked = await office.look()
    twice = await office.owner.change("POST", f"{office.place}/continuation/follow-up/answer", LIVE, of=office.place)
    resumed = await office.change(office.curator, "PUT", "/use", {"use": "live"})

    assert unreasoned.status_code == 422
    assert (stopped["use"]["reason"], stopped["question"]) == (body["reason"], None)
    assert looked == (0, 0)
    assert twice.status_code == 409
    assert resumed["question"]["number"] == 2


async def test_the_curator_plans_the_next_question_and_asks_again_under_another_number(office: Office) -> None:
    planned = await office.change(office.curator, "PUT", "/follow-up", {"asked_on": "2026-07-01"})
    sooner = await office.change(office.curator, "PUT", "/follow-up", {"asked_on": "2026-06-15"})
    office.at("2026-06-20T09:00:00+07:00")
    anew = await office.change(office.curator, "PUT", "/follow-up", {"asked_on": "2026-08-03"})

    assert [each["question"]["number"] for each in (planned, sooner, anew)] == [1, 1, 2]


async def test_a_draft_and_a_withdrawn_innovation_are_not_asked(office: Office) -> None:
    other = await office.registry.draft(office.agency, "another")
    early = await office.curator.change("PUT", f"{other}/continuation/follow-up", {"asked_on": "2026-07-01"}, of=other)
    gone = await office.curator.change("POST", f"{office.place}/withdraw", {"reason": "Rangkap."}, of=office.place)

    assert (early.status_code, gone.status_code) == (409, 200)
    assert await office.look() == (0, 0)


async def test_what_was_verified_long_ago_is_asked_in_two_weeks_and_a_quarter_at_the_latest(office: Office) -> None:
    """Not at once, not in the past, and not all on one day."""
    office.at("2028-03-01T09:00:00+07:00")
    await office.look()

    assert "2028-03-15" <= (await office.read())["question"]["asked_on"] < "2028-06-14"
