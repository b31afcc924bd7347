from __future__ import annotations

from datetime import date

import pytest

from services.registry.evidence.evidence import Claim
from services.registry.innovation import drafting, submission
from services.registry.innovation.innovation import Innovation
from services.registry.innovation.profile import Profile
from shared.contracts.innovation import InnovationSubmitted
from shared.contracts.vocabulary import InnovationStatus
from shared.faults import Conflict, Invalid
from tests.support.registry_samples import valid_profile
from tests.support.registry_states import (
    AGENCY,
    JULY,
    JUNE,
    a_draft,
    a_region,
    an_agency,
    at,
    returned,
    submitted,
    verified,
)


def test_a_complete_draft_is_submitted_and_owes_an_event_with_its_public_state() -> None:
    after, event = submission.submit(a_draft(), a_region(), an_agency(), AGENCY, JUNE)

    assert after.status is InnovationStatus.SUBMITTED
    assert after.first_submitted_at == after.submitted_at == JUNE.time
    assert event.type == "innovation.submitted"
    public = InnovationSubmitted.model_validate(event.data)
    assert (public.agency, public.year, public.name) == ("a1", 2026, "Layanan Antar Dokumen")
    assert [row.row for row in public.evidence] == ["16", "17", "19", "28", "32", "33", "35"]
    assert public.evidence[0].proofs == 1


def test_the_event_has_nothing_private() -> None:
    private = (
        "Tim inovasi (sintetis)",
        "account-",
        "188/16/2025",
        "Penetapan tim",
        "bukti.kuburaya",
        "rancang",
        "109.4",
    )
    _, event = submission.submit(a_draft(), a_region(), an_agency(), AGENCY, JUNE)
    assert not [word for word in private if word in event.model_dump_json()]


def test_everything_that_blocks_is_listed_at_once() -> None:
    given = a_draft(valid_profile(name=None, design="singkat"), {"16": {"number": "1"}}, year=2027)

    with pytest.raises(Invalid) as caught:
        submission.submit(given, a_region(), an_agency(retired_on=date(2026, 1, 1)), AGENCY, JUNE)

    assert [(flaw.field, flaw.code) for flaw in caught.value.flaws] == [
        ("profile.name", "missing"),
        ("profile.design", "too-few-words"),
        ("evidence.16.level", "missing"),
        ("year", "too-early"),
        ("agency", "retired"),
    ]


def test_the_profile_is_checked_by_the_day_in_the_region() -> None:
    given = a_draft(valid_profile(applied_on="2026-06-02"), {})
    midnight_in_jayapura = at("2026-06-02T00:30:00+09:00")

    after, _ = submission.submit(given, a_region("Asia/Jayapura"), an_agency(), AGENCY, midnight_in_jayapura)
    assert after.status is InnovationStatus.SUBMITTED
    with pytest.raises(Invalid) as caught:
        submission.submit(given, a_region("Asia/Jakarta"), an_agency(), AGENCY, midnight_in_jayapura)
    assert [(flaw.field, flaw.code) for flaw in caught.value.flaws] == [("profile.applied_on", "future")]


def test_a_submission_needs_no_evidence() -> None:
    after, event = submission.submit(a_draft(evidence={}), a_region(), an_agency(), AGENCY, JUNE)
    assert after.status is InnovationStatus.SUBMITTED
    assert event.data["evidence"] == []


@pytest.mark.parametrize("given", [submitted(), verified()], ids=["submitted", "verified"])
def test_a_submitted_or_verified_innovation_cannot_be_submitted_again(given: Innovation) -> None:
    with pytest.raises(Conflict):
        submission.submit(given, a_region(), an_agency(), AGENCY, JULY)


def test_a_second_submission_keeps_the_first_time_and_does_not_check_the_year() -> None:
    next_year = at("2027-03-01T09:00:00+07:00")

    after, event = submission.submit(returned(), a_region(), an_agency(), AGENCY, next_year)

    assert after.first_submitted_at == JUNE.time
    assert after.submitted_at == next_year.time
    assert after.year == 2026
    assert after.comments == {}
    assert after.handed_in is None
    assert event.data["first_submitted_at"] == JUNE.time.isoformat().replace("+00:00", "Z")


def test_changed_rows_lose_the_curator_s_level_and_others_keep_it() -> None:
    given = returned({"16": 2, "17": 3, "33": 0})
    change = drafting.claim(given, "17", Claim(level=3), AGENCY, JULY)
    assert change is not None
    edited, _ = change
    dropped = drafting.drop(edited, "33", AGENCY, JULY)
    assert dropped is not None

    after, event = submission.submit(dropped[0], a_region(), an_agency(), AGENCY, JULY)

    assert after.verified_levels == {"16": 2}
    public = {row["row"]: row["verified_level"] for row in event.data["evidence"]}
    assert (public["16"], public["17"]) == (2, None)
    assert "33" not in public


def test_a_row_that_is_edited_and_restored_keeps_its_level() -> None:
    given = returned({"16": 2})
    as_it_was = Claim(**given.evidence["16"].model_dump(exclude={"files"}))
    edited = drafting.claim(given, "16", Claim(level=1), AGENCY, JULY)
    assert edited is not None
    assert edited[0].verified_level("16") is None
    back = drafting.claim(edited[0], "16", as_it_was, AGENCY, JULY)
    assert back is not None
    assert back[0].verified_level("16") == 2

    after, _ = submission.submit(back[0], a_region(), an_agency(), AGENCY, JULY)
    assert after.verified_levels == {"16": 2}


def test_a_returned_innovation_with_a_new_flaw_stays_returned() -> None:
    change = drafting.rewrite(returned(), Profile.model_validate(valid_profile(purpose=None)), None, AGENCY, JULY)
    assert change is not None
    with pytest.raises(Invalid) as caught:
        submission.submit(change[0], a_region(), an_agency(), AGENCY, JULY)
    assert [flaw.field for flaw in caught.value.flaws] == ["profile.purpose"]
