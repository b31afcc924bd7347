"""A draft that was deleted is no progress any more, and nobody is told of it."""

from __future__ import annotations

import itertools

import pytest

from shared.contracts.innovation import InnovationDrafted
from shared.contracts.vocabulary import InnovationStatus
from tests.support.notifications_service import BEFORE, NotificationsService, agency, innovation, region


def drafted(turn: int, status: InnovationStatus) -> InnovationDrafted:
    draft = innovation(status=InnovationStatus.DRAFT, turn=turn, since=BEFORE)
    assert isinstance(draft, InnovationDrafted)
    return draft.model_copy(update={"status": status})


@pytest.mark.parametrize("order", list(itertools.permutations((10, 11))))
async def test_a_deleted_draft_is_no_progress(log_service: NotificationsService, order: tuple[int, ...]) -> None:
    told = {10: drafted(1, InnovationStatus.DRAFT), 11: drafted(2, InnovationStatus.WITHDRAWN)}
    await log_service.receive(region())
    await log_service.receive(agency())
    await log_service.set_contact()
    await log_service.receive(told[10], 10)
    assert (await log_service.obligation()).progress == "draft"

    for sequence in (*order, 11, 10):
        await log_service.receive(told[sequence], sequence)
    await log_service.remind()

    obligation = await log_service.obligation()
    assert (obligation.progress, obligation.status) == ("none", "open")
    assert await log_service.messages() == []
