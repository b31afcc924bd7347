"""What events say of requests to withdraw an innovation, as its history tells it."""

from __future__ import annotations

from datetime import timedelta

from services.registry.innovation import verification, withdrawal
from services.registry.innovation.innovation import Innovation
from services.registry.innovation.verification import Return
from services.registry.innovation.withdrawals import withdrawal_of
from shared.contracts.contract import Origin
from shared.contracts.event import Draft
from shared.contracts.innovation import WithdrawalState, WithdrawalStep
from tests.support.registry_states import AGENCY, CURATOR, JULY, submitted, verified

ASKED, TAKEN_BACK, DECLINED, DECIDED = WithdrawalStep


def after(days: int) -> Origin:
    return Origin(JULY.time + timedelta(days=days))


def said(innovation: Innovation) -> WithdrawalState | None:
    return withdrawal_of(innovation.history, by_curator=innovation.withdrawn_by_curator)


def changed(change: tuple[Innovation, Draft] | None) -> Innovation:
    assert change is not None
    return change[0]


def asked(innovation: Innovation, days: int, reason: str = "Berhenti.") -> Innovation:
    return changed(withdrawal.ask(innovation, reason, AGENCY, after(days)))


def test_who_never_asked_says_nothing() -> None:
    assert said(verified()) is None


def test_another_reason_is_the_same_request_and_another_request_has_another_number() -> None:
    first = asked(verified(), 1)
    again = asked(first, 2, "Sudah tidak dipakai.")
    back = changed(withdrawal.take_back(again, AGENCY, after(3)))
    second = asked(back, 4)

    assert said(first) == said(again) == WithdrawalState(number=1, step=ASKED, since=after(1).time)
    assert said(back) == WithdrawalState(number=1, step=TAKEN_BACK, since=after(3).time)
    assert said(second) == WithdrawalState(number=2, step=ASKED, since=after(4).time)


def test_the_curator_declines_or_decides_on_the_request_that_was_made() -> None:
    request = asked(verified(), 1)
    declined = changed(withdrawal.decline(request, "Masih dipakai.", CURATOR, after(2)))
    decided = changed(withdrawal.withdraw(request, CURATOR, after(2), as_curator=True))

    assert said(declined) == WithdrawalState(number=1, step=DECLINED, since=after(2).time)
    assert said(decided) == WithdrawalState(number=1, step=DECIDED, since=after(2).time)


def test_a_return_ends_the_request() -> None:
    request = asked(verified(), 1)
    remarks = Return.model_validate({"comments": {"profile": "Lengkapi hasil."}})
    returned, _ = verification.send_back(request, remarks, CURATOR, after(2))

    assert said(returned) == WithdrawalState(number=1, step=TAKEN_BACK, since=after(2).time)


def test_what_the_curator_withdraws_unasked_is_a_decision_too_and_what_its_agency_withdraws_is_none() -> None:
    by_curator = changed(withdrawal.withdraw(submitted(), CURATOR, after(1), as_curator=True))
    by_agency = changed(withdrawal.withdraw(submitted(), AGENCY, after(1)))

    assert said(by_curator) == WithdrawalState(number=1, step=DECIDED, since=after(1).time)
    assert said(by_agency) is None
