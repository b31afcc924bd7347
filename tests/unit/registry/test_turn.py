from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.registry.evidence.evidence import Claim
from services.registry.innovation import deletion, drafting, reassignment, submission, verification, withdrawal
from services.registry.innovation.innovation import Change, Innovation
from services.registry.innovation.profile import Profile
from services.registry.innovation.reassignment import Reassignment
from services.registry.innovation.turn import Turn, turn_of
from services.registry.innovation.verification import Return, Verification
from shared.contracts.contract import Origin
from shared.faults import Conflict, Invalid, NotFound
from tests.support.registry_samples import valid_profile
from tests.support.registry_states import AGENCY, CURATOR, JULY, JUNE, a_draft, a_region, an_agency, submitted, verified

REMARKS = Return.model_validate({"comments": {"profile": "Lengkapi hasil."}})


def act(innovation: Innovation, action: str, origin: Origin) -> Change:
    """Do one thing. `a1`, `a2`: the curator moves it to that agency, for 2026."""
    if action in {"a1", "a2"}:
        change = Reassignment(agency=action, year=2026, reason="Tusi beralih.")
        return reassignment.reassign(innovation, change, CURATOR, origin)
    if action in {"claim", "year"}:
        return edit(innovation, action, origin)
    return decide(innovation, action, origin)


def edit(innovation: Innovation, action: str, origin: Origin) -> Change:
    edits = len(innovation.history)
    if action == "claim":
        return drafting.claim(innovation, "18", Claim(level=1 + edits % 3), AGENCY, origin)
    return drafting.rewrite(innovation, Profile.model_validate(valid_profile()), 2025 + edits % 2, AGENCY, origin)


def decide(innovation: Innovation, action: str, origin: Origin) -> Change:
    if action == "submit":
        return submission.submit(innovation, a_region(y2025="2026-12-31"), an_agency(), AGENCY, origin, counted=0)
    if action == "withdraw":
        return withdrawal.withdraw(innovation, AGENCY, origin)
    if action == "ask":
        return withdrawal.ask(innovation, "Berhenti.", AGENCY, origin)
    if action == "delete":
        return deletion.delete(innovation, AGENCY, origin)
    if action == "return":
        return verification.send_back(innovation, REMARKS, CURATOR, origin)
    return verification.verify(innovation, Verification.model_validate({"rows": {"16": 2}}), CURATOR, origin)


ACTIONS = ("submit", "submit", "withdraw", "return", "verify", "verify", "ask", "delete", "claim", "year", "a1", "a2")


@dataclass
class NaiveTurn:
    """Compares each innovation with the one before."""

    number: int = 1
    since: datetime = JUNE.time

    def saw(self, before: Innovation, after: Innovation, action: str, origin: Origin) -> None:
        moved = (before.agency, before.year) != (after.agency, after.year)
        if before.status is not after.status or (action in {"a1", "a2"} and moved):
            self.number += 1
            self.since = origin.time


@given(st.lists(st.sampled_from(ACTIONS), max_size=14))
def test_the_turn_counts_status_changes_and_reassignments_only(actions: list[str]) -> None:
    innovation, naive, moment = a_draft(evidence={"16": {"level": 2}}), NaiveTurn(), JULY.time
    for action in actions:
        moment += timedelta(hours=1)
        origin = Origin(moment, "correlation")
        try:
            change = act(innovation, action, origin)
        except (Conflict, Invalid, NotFound):
            continue
        if change is None:
            continue
        after, event = change
        naive.saw(innovation, after, action, origin)
        innovation = after
        assert turn_of(innovation.history) == Turn(naive.number, naive.since)
        if event is not None:
            assert event.data["turn"] == naive.number
            assert event.data["status_since"] == naive.since.isoformat().replace("+00:00", "Z")


def test_a_second_verification_begins_no_turn() -> None:
    once = verified()
    twice = verification.verify(once, Verification.model_validate({"rows": {"17": 3}}), CURATOR, JULY)[0]
    assert turn_of(once.history) == turn_of(twice.history) == Turn(3, JULY.time)


def test_an_innovation_of_an_earlier_release_has_its_turn_by_its_history() -> None:
    stored = submitted().model_dump(mode="json")
    assert "turn" not in stored
    assert turn_of(Innovation.model_validate(stored).history).number == 2


def test_without_a_history_there_is_no_turn() -> None:
    assert turn_of(()) == Turn(0, None)
