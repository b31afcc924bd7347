"""Views of the read model, with what a test does not mind filled in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from services.portal.model.views.innovation import Card, InnovationView
from shared.contracts.vocabulary import Classification, Form, Initiator, InnovationStatus, Nature, Stage

MOMENT = datetime(2025, 12, 3, 7, 5, tzinfo=UTC)

CARD = Card(
    catalogue="2026.1",
    claimed=Decimal(95),
    verified=Decimal("87.5"),
    provable=None,
    most=Decimal(111),
    eligible=True,
    rows=(),
    missing_mandatory=(),
    faults=0,
    up_to_date=True,
    sequence=1,
)
_VERIFIED = InnovationView(
    id="i1",
    region="61.12",
    agency="a1",
    agency_name="Dinas Sosial",
    year=2025,
    status=InnovationStatus.VERIFIED,
    name="Adu KPM",
    stage=Stage.PENERAPAN,
    initiator=Initiator.OPD,
    classification=Classification.PERANGKAT_DAERAH,
    nature=Nature.DIGITAL,
    form=Form.PELAYANAN_PUBLIK,
    main_affair="sosial",
    related_affairs=("kesehatan",),
    asta_cita=(4,),
    cluster=None,
    trial_on=None,
    applied_on=date(2025, 5, 5),
    developed_on=None,
    first_submitted_at=MOMENT,
    submitted_at=MOMENT,
    verified_at=MOMENT,
    status_since=MOMENT,
    turn=2,
    imported=False,
    withdrawal_asked=False,
    withdrawal_step=None,
    continuation=None,
    card=CARD,
    sequence=1,
)


def innovation(**changes: Any) -> InnovationView:  # noqa: ANN401 - any field of a view
    """A verified innovation."""
    return replace(_VERIFIED, **changes)
