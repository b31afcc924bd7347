from __future__ import annotations

import pytest

from services.notifications.keys import alert_key, mail_key
from services.notifications.messages.alert import alert_of
from shared.contracts.message import Reason
from shared.contracts.vocabulary import ReasonKind

DUTY = Reason(kind=ReasonKind.DUTY, what="overdue", region="61.12", agency="a", year=2026, deadline_revision=1)
RETURNED = Reason(
    kind=ReasonKind.INNOVATION, what="returned", region="61.12", agency="a", year=2026, innovation="i", turn=2
)
CONFIRM = Reason(kind=ReasonKind.CONTACT, what="confirm", region="61.12", person="p", person_revision=1)
MOVED = Reason(kind=ReasonKind.DEADLINE, what="moved", region="61.12", year=2026, deadline_revision=2)
WEEKLY = Reason(kind=ReasonKind.REPORT, what="weekly", region="61.12", week="2027-W01")


def changed(reason: Reason, **fields: object) -> Reason:
    return reason.model_copy(update=fields)


@pytest.mark.parametrize(
    ("reason", "revision", "key"),
    [
        (DUTY, 1, "f4a4cd58-5f3e-555c-b884-8b5e2357d452"),  # as release 0.1 made it
        (DUTY, 2, "7b5409f0-a86e-52ca-851c-f32aa191be90"),
        (RETURNED, 1, "3f0730a9-a072-5650-9690-c6671272e28c"),
        (CONFIRM, 1, "891d29e5-2f2a-5ab8-9d97-205c4fc6f60c"),
        (changed(CONFIRM, channel="email"), 1, "891d29e5-2f2a-5ab8-9d97-205c4fc6f60c"),
        (MOVED, 1, "0663be26-8c4f-53ef-946b-bfd4883bd996"),
        (WEEKLY, 1, "98aa4d87-f405-51e8-a3a7-59e6b709b854"),
    ],
)
def test_ids_never_change_because_alert_logs_and_mailboxes_contain_them(
    reason: Reason, revision: int, key: str
) -> None:
    assert alert_of(reason, "p", revision).id == key


def test_the_id_of_a_mail_never_changes() -> None:
    assert mail_key("p", 1, 1_700_000_000_000) == "fbe8ed28-6daf-5638-8b82-70e7807c85dc"


def test_every_part_of_a_reason_makes_another_alert() -> None:
    reasons = [
        DUTY,
        changed(DUTY, what="before-30"),
        changed(DUTY, agency="b"),
        changed(DUTY, year=2027),
        changed(DUTY, deadline_revision=2),
        changed(DUTY, spell="i/2"),
        changed(DUTY, spell="exemption/2"),
        RETURNED,
        changed(RETURNED, turn=3),
        changed(RETURNED, what="verified"),
        changed(RETURNED, innovation="j"),
        CONFIRM,
        changed(CONFIRM, person_revision=2),
        changed(CONFIRM, channel="email", nth=1),
        changed(CONFIRM, channel="email", nth=2),
        changed(CONFIRM, channel="whatsapp", nth=1),
        changed(CONFIRM, what="unreachable"),
        MOVED,
        changed(MOVED, what="cancelled"),
        changed(MOVED, region="61.71"),
        WEEKLY,
        changed(WEEKLY, week="2027-W02"),
    ]
    keys = {alert_key(reason, person, revision) for reason in reasons for person in "pq" for revision in (1, 2)}
    assert len(keys) == len(reasons) * 4


def test_an_innovation_that_moves_to_another_agency_keeps_the_alert_of_its_turn() -> None:
    assert alert_key(RETURNED, "p", 1) == alert_key(changed(RETURNED, agency="b", year=2027), "p", 1)


def test_a_reason_without_what_its_kind_needs_has_no_key() -> None:
    for incomplete in (changed(DUTY, agency=None), changed(RETURNED, turn=None), changed(WEEKLY, week=None)):
        with pytest.raises(ValueError, match="lacks a field"):
            alert_key(incomplete, "p", 1)
