"""Withdrawal: the innovation never counts again.

What is submitted or returned, its agency withdraws by itself. What is verified counts for the region too: the agency
asks with a reason, and the curator agrees or declines.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from services.registry.fields import Remark
from services.registry.innovation.history import Action
from services.registry.innovation.innovation import Innovation, WithdrawalRequest, event_of
from shared.contracts.contract import Origin
from shared.contracts.event import Draft
from shared.contracts.vocabulary import InnovationStatus
from shared.faults import Conflict, Flaw, Invalid
from shared.storage.models import replaced


class Withdrawal(BaseModel):
    """reason: kept in the history (private). A verified innovation is withdrawn with one only; without it, the reason
    of the agency's request stands."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: Remark | None = None


class WithdrawalReason(BaseModel):
    """reason: why the agency asks, or why the curator declines; kept in the history (private)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: Remark


def withdraw(
    innovation: Innovation, by: str, origin: Origin, *, reason: str | None = None, as_curator: bool = False
) -> tuple[Innovation, Draft]:
    """Withdraw. as_curator: whether a curator decides. Raises Conflict for a draft, which was never submitted, for a
    withdrawn innovation and, unless a curator decides, for a verified one; Invalid for a verified one without a
    reason."""
    innovation.require(InnovationStatus.SUBMITTED, InnovationStatus.RETURNED, InnovationStatus.VERIFIED)
    if innovation.status is InnovationStatus.VERIFIED:
        if not as_curator:
            why = "Inovasi ini sudah diverifikasi; ajukan permohonan penarikan dengan alasan, kurator yang memutuskan."
            raise Conflict(why)
        reason = reason or (innovation.withdrawal.reason if innovation.withdrawal else None)
        if reason is None:
            raise Invalid([Flaw("reason", "missing", "penarikan inovasi yang sudah diverifikasi memerlukan alasan")])
    gone = replaced(innovation, status=InnovationStatus.WITHDRAWN, withdrawal=None, withdrawn_by_curator=as_curator)
    after = gone.noted(Action.WITHDRAWN, by, origin, reason)
    return after, event_of(after, origin)


def ask(innovation: Innovation, reason: str, by: str, origin: Origin) -> tuple[Innovation, Draft] | None:
    """Ask the curator to withdraw a verified innovation; another reason replaces the one before. None when nothing
    differs. Raises Conflict for another status."""
    innovation.require(InnovationStatus.VERIFIED)
    if innovation.withdrawal is not None and innovation.withdrawal.reason == reason:
        return None
    request = WithdrawalRequest(region=innovation.region, reason=reason, by=by, at=origin.time)
    after = replaced(innovation, withdrawal=request).noted(Action.WITHDRAWAL_ASKED, by, origin, reason)
    return after, event_of(after, origin)


def take_back(innovation: Innovation, by: str, origin: Origin) -> tuple[Innovation, Draft]:
    """The agency does not ask any more. Raises Conflict when it has not asked."""
    return _closed(innovation, Action.WITHDRAWAL_TAKEN_BACK, None, by, origin)


def decline(innovation: Innovation, reason: str, by: str, origin: Origin) -> tuple[Innovation, Draft]:
    """The curator declines: the innovation stays verified. Raises Conflict when the agency has not asked."""
    return _closed(innovation, Action.WITHDRAWAL_DECLINED, reason, by, origin)


def _closed(
    innovation: Innovation, action: Action, reason: str | None, by: str, origin: Origin
) -> tuple[Innovation, Draft]:
    if innovation.withdrawal is None:
        raise Conflict("Tidak ada permohonan penarikan atas inovasi ini.")
    after = replaced(innovation, withdrawal=None).noted(action, by, origin, reason)
    return after, event_of(after, origin)
