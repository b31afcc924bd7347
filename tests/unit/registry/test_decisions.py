from __future__ import annotations

from collections.abc import Callable

import pytest

from services.registry.evidence.evidence import Claim
from services.registry.innovation import deletion, drafting, reassignment, verification, withdrawal
from services.registry.innovation.history import Action
from services.registry.innovation.innovation import Innovation, event_of
from services.registry.innovation.profile import Profile
from services.registry.innovation.reassignment import Reassignment
from services.registry.innovation.verification import Return, Verification
from shared.contracts.vocabulary import InnovationStatus
from shared.faults import Conflict, Invalid
from tests.support.registry_samples import valid_profile
from tests.support.registry_states import AGENCY, CURATOR, JULY, JUNE, a_draft, returned, submitted, verified

NOTHING = Verification()
STATES: dict[str, Callable[[], Innovation]] = {
    "draft": a_draft,
    "submitted": submitted,
    "returned": returned,
    "verified": verified,
    "withdrawn": lambda: withdrawal.withdraw(submitted(), AGENCY, JULY)[0],
}


def levels(given: Innovation) -> dict[str, int | None]:
    return {row["row"]: row["verified_level"] for row in event_of(given, JULY).data["evidence"]}


def test_a_verified_level_does_not_replace_the_claimed_one() -> None:
    after, public = verification.verify(submitted(), Verification(rows={"16": 1, "33": 0}), CURATOR, JULY)

    assert after.status is InnovationStatus.VERIFIED
    assert public.type == "innovation.verified"
    rows = {row["row"]: (row["level"], row["verified_level"]) for row in public.data["evidence"]}
    assert rows["16"] == (2, 1)
    assert rows["33"] == (None, 0)
    assert rows["17"] == (None, None)
    assert public.data["verified_at"] is not None


def test_a_second_verification_completes_the_first_and_keeps_its_time() -> None:
    given = verified({"16": 2})
    after, _ = verification.verify(given, Verification(rows={"17": 3}), CURATOR, JUNE)
    assert after.verified_levels == {"16": 2, "17": 3}
    assert after.verified_at == JULY.time


def test_rows_without_evidence_are_all_named() -> None:
    with pytest.raises(Invalid) as caught:
        verification.verify(submitted(), Verification(rows={"18": 1, "20": 0, "16": 2}), CURATOR, JULY)
    assert [flaw.field for flaw in caught.value.flaws] == ["rows.18", "rows.20"]


def test_a_return_keeps_comments_private_and_its_event_has_the_submitted_content() -> None:
    decision = Return(comments={"17": "Budi belum tercantum."}, rows={"16": 2})

    after, public = verification.send_back(submitted(), decision, CURATOR, JULY)

    assert after.status == InnovationStatus.RETURNED
    assert after.comments == {"17": "Budi belum tercantum."}
    assert public.type == "innovation.returned"
    assert "Budi" not in public.model_dump_json()
    assert levels(after)["16"] == 2


def test_a_return_ends_the_verification() -> None:
    after, public = verification.send_back(verified({"16": 3}), Return(comments={"16": "Periksa."}), CURATOR, JULY)
    assert after.verified_at is None
    assert public.data["verified_at"] is None
    assert public.data["first_submitted_at"] is not None
    assert levels(after)["16"] == 3


def test_edits_after_a_return_are_in_no_event_until_the_next_submission() -> None:
    renamed = drafting.rewrite(
        returned({"16": 2}), Profile.model_validate(valid_profile(name="Baru")), None, AGENCY, JULY
    )
    assert renamed is not None
    edited = drafting.claim(renamed[0], "16", Claim(level=3), AGENCY, JULY)
    assert edited is not None

    moved = reassignment.reassign(edited[0], Reassignment(agency="a2", year=2026, reason="Tusi"), CURATOR, JULY)
    gone, withdrawn = withdrawal.withdraw(edited[0], AGENCY, JULY)

    assert moved is not None
    assert moved[1] is not None
    for public in (moved[1], withdrawn):
        assert public.data["name"] == "Layanan Antar Dokumen"
        row = next(row for row in public.data["evidence"] if row["row"] == "16")
        assert (row["level"], row["verified_level"]) == (2, 2)
    assert gone.profile.name == "Baru"


@pytest.mark.parametrize(
    ("decide", "allowed"),
    [
        (lambda it: verification.verify(it, NOTHING, CURATOR, JULY), {"submitted", "verified"}),
        (
            lambda it: verification.send_back(it, Return(comments={"profile": "x"}), CURATOR, JULY),
            {"submitted", "verified"},
        ),
        (lambda it: withdrawal.withdraw(it, AGENCY, JULY), {"submitted", "returned"}),
        (
            lambda it: withdrawal.withdraw(it, CURATOR, JULY, reason="Berhenti.", as_curator=True),
            {"submitted", "returned", "verified"},
        ),
        (lambda it: withdrawal.ask(it, "Berhenti.", AGENCY, JULY), {"verified"}),
        (lambda it: deletion.delete(it, AGENCY, JULY), {"draft"}),
    ],
    ids=["verify", "return", "withdraw", "withdraw as curator", "ask for withdrawal", "delete"],
)
@pytest.mark.parametrize("state", STATES)
def test_each_decision_is_allowed_in_some_states_only(
    state: str, decide: Callable[[Innovation], object], allowed: set[str]
) -> None:
    given = STATES[state]()
    if state in allowed:
        assert decide(given) is not None
    else:
        with pytest.raises(Conflict):
            decide(given)


@pytest.mark.parametrize("state", STATES)
def test_reassigning_owes_the_event_of_the_current_status_with_every_placement(state: str) -> None:
    given = STATES[state]()

    change = reassignment.reassign(given, Reassignment(agency="a2", year=2025, reason="Tusi beralih"), CURATOR, JULY)

    assert change is not None
    after, public = change
    assert after.status is given.status
    assert public is not None
    assert public.type == {"draft": "innovation.drafted"}.get(state, f"innovation.{state}")
    assert (public.data["agency"], public.data["year"]) == ("a2", 2025)
    assert public.data["assignments"] == [
        {"agency": "a1", "year": 2026, "present": False},
        {"agency": "a2", "year": 2025, "present": True},
    ]
    assert "Tusi" not in public.model_dump_json()
    assert (after.history[-1].action, after.history[-1].reason) == (Action.REASSIGNED, "Tusi beralih")


def test_reassigning_to_the_same_place_changes_nothing() -> None:
    assert reassignment.reassign(submitted(), Reassignment(agency="a1", year=2026, reason="x"), CURATOR, JULY) is None


def test_after_moving_back_one_placement_is_present() -> None:
    moved = reassignment.reassign(submitted(), Reassignment(agency="a2", year=2026, reason="x"), CURATOR, JULY)
    assert moved is not None
    back = reassignment.reassign(moved[0], Reassignment(agency="a1", year=2026, reason="x"), CURATOR, JULY)
    assert back is not None
    assert back[1] is not None
    assert [(each["agency"], each["present"]) for each in back[1].data["assignments"]] == [("a1", True), ("a2", False)]


@pytest.mark.parametrize("state", STATES)
def test_every_state_can_be_stored_and_loaded(state: str) -> None:
    given = STATES[state]()
    assert Innovation.model_validate(given.model_dump(mode="json")) == given
