"""A receiver that is gone: its endpoint is disabled, and the curator of the region hears of it, each time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.servers.smtp import Mailbox, Received
from tests.support.client import Regency, eventually
from tests.support.faults.processes import RunningSystem
from tests.support.faults.scenario import NOW
from tests.support.webhooks.receiver import Receiver, receiving, status

CURATOR = "kurator@bappeda.example"


@pytest.fixture
async def gone() -> AsyncIterator[Receiver]:
    """Answers 410 to everything."""
    async with receiving(status(410)) as receiver:
        yield receiver


async def test_the_curator_gets_one_mail_for_each_time_that_an_endpoint_is_disabled(
    tmp_path: Path, mailbox: Mailbox, gone: Receiver
) -> None:
    environment = {"BUSINESS_TIME": NOW, "WEBHOOK_NETWORKS": "127.0.0.0/8"}
    async with (
        RunningSystem(tmp_path, environment, smtp=mailbox.url) as system,
        Regency(system.url, system.issue) as regency,
    ):
        await system.process.ready()
        await regency.go_live()
        await regency.found()
        await regency.be_reminded_at_any_hour()
        person = {"region": regency.code, "role": "curator", "name": "Kurator (contoh)", "email": CURATOR}
        await regency.curator.create("/notifications/v1/contacts", person)

        made = await regency.curator.create("/feed/v1/endpoints", {"url": gone.url, "region": regency.code})
        path = f"/feed/v1/endpoints/{made['id']}"
        (first,) = await eventually(lambda: about(mailbox, made), bool, within=60)

        found = await regency.curator.get(path)
        assert (found["status"], found["cause"], found["times"]) == ("disabled", "gone", 1)
        assert "410" in text_of(first)
        assert "untuk ke" not in first.message["Subject"]

        # It is enabled again, and its receiver is still gone.
        await regency.curator.change("POST", f"{path}/enable", of=path)
        mails = await eventually(lambda: about(mailbox, made), lambda them: len(them) > 1, within=60)
        assert "untuk ke-2 kalinya" in text_of(mails[1])
        assert all("127.0.0.1" not in text_of(each) and gone.url not in text_of(each) for each in mails), "no URL"
        assert 'satu_webhook_disabled_total{cause="gone"} 2.0' in await metrics(system)

        await system.wait_until_idle()
        assert len(await about(mailbox, made)) == 2
        assert len(gone.requests) == 2, "nothing more is sent to it"


async def about(mailbox: Mailbox, endpoint: dict[str, Any]) -> list[Received]:
    """The mails to the curator that name the endpoint, in the order of arrival."""
    return [each for each in mailbox.mails if each.to == CURATOR and endpoint["id"] in text_of(each)]


def text_of(mail: Received) -> str:
    """Subject and plain text, without line breaks."""
    body = mail.message.get_body(("plain",))
    assert body is not None
    return " ".join(f"{mail.message['Subject']} {body.get_content()}".split())


async def metrics(system: RunningSystem) -> str:
    """The metrics of the process."""
    async with httpx2.AsyncClient(trust_env=False) as http:
        return (await http.get(f"{system.process.admin_url}/metrics")).text
