from __future__ import annotations

from collections.abc import Callable

import pytest

from services.registry.evidence.attachment import MOST_FILES_OF_A_ROW, Attachment, EvidenceFile, ProfileDocument
from services.registry.evidence.evidence import Claim
from services.registry.evidence.form import PDF
from services.registry.innovation import drafting
from services.registry.innovation.history import Action
from services.registry.innovation.innovation import Change, Innovation, Placement
from services.registry.innovation.profile import Profile
from shared.faults import Conflict, Invalid, NotFound
from tests.support.registry_samples import valid_profile
from tests.support.registry_states import AGENCY, CURATOR, JULY, JUNE, a_draft, returned, submitted, verified


def a_file(number: int = 1) -> Attachment:
    return Attachment(digest=f"{number:064x}", size=9, media_type=PDF, name="SK.pdf", added_at=JUNE.time)


EDITS: dict[str, Callable[[Innovation], Change]] = {
    "rewrite": lambda it: drafting.rewrite(it, Profile(), None, AGENCY, JULY),
    "claim": lambda it: drafting.claim(it, "18", Claim(level=1), AGENCY, JULY),
    "drop": lambda it: drafting.drop(it, "16", AGENCY, JULY),
    "attach": lambda it: drafting.attach(it, "16", a_file(), AGENCY, JULY),
    "put document": lambda it: drafting.put_document(it, ProfileDocument.BUDGET, a_file(), AGENCY, JULY),
}


def test_the_event_of_a_draft_has_agency_and_year_only() -> None:
    placement = Placement(agency="a1", year=2026)
    made, event = drafting.begin("i1", "61.12", placement, Profile(), fingerprint="fingerprint", by=AGENCY, origin=JUNE)

    assert event.type == "innovation.drafted"
    assert event.data == {
        "id": "i1",
        "region": "61.12",
        "agency": "a1",
        "year": 2026,
        "assignments": [{"agency": "a1", "year": 2026, "present": True}],
        "status": "draft",
        "turn": 1,
        "status_since": "2026-06-01T02:00:00Z",
        "continuation": None,
    }
    assert [(entry.at, entry.by, entry.action) for entry in made.history] == [(JUNE.time, AGENCY, Action.DRAFTED)]


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
@pytest.mark.parametrize("given", [a_draft(), returned()], ids=["draft", "returned"])
def test_edits_of_drafts_and_returned_innovations_owe_nothing(
    given: Innovation, edit: Callable[[Innovation], Change]
) -> None:
    change = edit(given)
    assert change is not None
    after, event = change
    assert event is None
    assert after.history[-1].action is Action.EDITED


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
@pytest.mark.parametrize("given", [submitted(), verified()], ids=["submitted", "verified"])
def test_a_submitted_innovation_is_locked(given: Innovation, edit: Callable[[Innovation], Change]) -> None:
    with pytest.raises(Conflict):
        edit(given)


@pytest.mark.parametrize("item", ["name", "initiator_name", "programme"])
def test_a_name_with_invisible_signs_is_refused_and_a_stored_one_stays_readable(item: str) -> None:
    hidden = Profile.model_validate({item: "Inovasi\u202eabc"})
    stored = a_draft().model_copy(update={"profile": hidden})

    placement = Placement(agency="a1", year=2026)

    with pytest.raises(Invalid) as begun:
        drafting.begin("i1", "61.12", placement, hidden, fingerprint="f", by=AGENCY, origin=JUNE)
    with pytest.raises(Invalid) as rewritten:
        drafting.rewrite(a_draft(), hidden, None, AGENCY, JULY)

    for refused in (begun, rewritten):
        assert [(flaw.field, flaw.code) for flaw in refused.value.flaws] == [(f"profile.{item}", "invisible")]
    assert Innovation.model_validate(stored.model_dump(mode="json")) == stored


def test_an_equal_edit_is_no_change() -> None:
    given = a_draft()
    assert drafting.rewrite(given, given.profile, 2026, AGENCY, JULY) is None
    assert (
        drafting.claim(given, "16", Claim(**given.evidence["16"].model_dump(exclude={"files"})), AGENCY, JULY) is None
    )


def test_the_event_of_a_draft_moved_to_another_year_has_both_years() -> None:
    change = drafting.rewrite(a_draft(), Profile.model_validate(valid_profile()), 2025, AGENCY, JULY)

    assert change is not None
    after, event = change
    assert event is not None
    assert event.type == "innovation.drafted"
    assert event.data["assignments"] == [
        {"agency": "a1", "year": 2026, "present": False},
        {"agency": "a1", "year": 2025, "present": True},
    ]
    back = drafting.rewrite(after, after.profile, 2026, AGENCY, JULY)
    assert back is not None
    assert back[1] is not None
    assert [each["present"] for each in back[1].data["assignments"]] == [True, False]


def test_after_the_first_submission_only_the_curator_changes_the_year() -> None:
    given = returned()
    with pytest.raises(Invalid) as caught:
        drafting.rewrite(given, given.profile, 2025, AGENCY, JULY)
    assert [(flaw.field, flaw.code) for flaw in caught.value.flaws] == [("year", "curators-decision")]


def test_consecutive_edits_by_one_account_are_one_entry() -> None:
    given = a_draft()
    change = drafting.claim(given, "18", Claim(level=1), AGENCY, JULY)
    assert change is not None
    assert len(change[0].history) == len(given.history)
    assert change[0].history[-1].at == JULY.time
    other = drafting.claim(change[0], "18", Claim(level=2), CURATOR, JULY)
    assert other is not None
    assert [entry.by for entry in other[0].history[-2:]] == [AGENCY, CURATOR]


def test_a_claim_keeps_the_files_of_its_row() -> None:
    attached = drafting.attach(a_draft(), "18", a_file(), AGENCY, JUNE)
    assert attached is not None
    change = drafting.claim(attached[0], "18", Claim(level=2), AGENCY, JULY)
    assert change is not None
    assert change[0].evidence["18"].files == (EvidenceFile.of(a_file()),)
    assert list(change[0].evidence) == ["16", "17", "18", "19", "28", "32", "33", "35"]


def test_the_same_file_twice_is_one_file() -> None:
    attached = drafting.attach(a_draft(), "16", a_file(), AGENCY, JUNE)
    assert attached is not None
    assert drafting.attach(attached[0], "16", a_file(), AGENCY, JULY) is None


def test_a_row_has_a_limited_number_of_files() -> None:
    given = a_draft()
    for number in range(MOST_FILES_OF_A_ROW):
        change = drafting.attach(given, "16", a_file(number), AGENCY, JUNE)
        assert change is not None
        given = change[0]
    with pytest.raises(Conflict):
        drafting.attach(given, "16", a_file(999), AGENCY, JUNE)


def test_removing_what_does_not_exist_is_not_found() -> None:
    given = a_draft()
    with pytest.raises(NotFound):
        drafting.drop(given, "18", AGENCY, JULY)
    with pytest.raises(NotFound):
        drafting.detach(given, "16", "0" * 64, AGENCY, JULY)
    with pytest.raises(NotFound):
        drafting.remove_document(given, ProfileDocument.AWARD, AGENCY, JULY)


def test_files_and_documents_can_be_added_and_removed() -> None:
    attached = drafting.attach(a_draft(), "16", a_file(), AGENCY, JUNE)
    assert attached is not None
    bare = drafting.detach(attached[0], "16", a_file().digest, AGENCY, JULY)
    assert bare is not None
    assert bare[0].evidence["16"].files == ()

    enclosed = drafting.put_document(bare[0], ProfileDocument.AWARD, a_file(1), AGENCY, JULY)
    assert enclosed is not None
    replaced = drafting.put_document(enclosed[0], ProfileDocument.AWARD, a_file(2), AGENCY, JULY)
    assert replaced is not None
    assert replaced[0].documents == {ProfileDocument.AWARD: a_file(2)}
    assert drafting.put_document(replaced[0], ProfileDocument.AWARD, a_file(2), AGENCY, JULY) is None
    removed = drafting.remove_document(replaced[0], ProfileDocument.AWARD, AGENCY, JULY)
    assert removed is not None
    assert removed[0].documents == {}
