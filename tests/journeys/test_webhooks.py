"""A webhook receiver lives on the feed, on both pairs of engines: made, served, rotated, tried, disabled and removed
over HTTP as a curator does it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from standardwebhooks.webhooks import Webhook

from shared.auth.keys import Grant
from shared.auth.policy import Role
from tests.support.client import Answer, Api, Regency, eventually
from tests.support.faults.processes import RunningSystem
from tests.support.faults.scenario import EVIDENCE
from tests.support.feed.grants import subscriber
from tests.support.registry_samples import valid_profile
from tests.support.webhooks.receiver import Receiver, receiving, status

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.sampled(1)]

ENDPOINTS = "/feed/v1/endpoints"
PROFILE = valid_profile(applied_on="2026-05-05")


@dataclass
class Managed:
    """An endpoint and what its curator does with it."""

    curator: Api
    path: str
    created: Answer

    async def act(self, verb: str) -> Answer:
        """Rotate, disable or enable it."""
        return await self.curator.change("POST", f"{self.path}/{verb}", of=self.path)

    async def log(self) -> list[Answer]:
        """The oldest first."""
        return (await self.curator.every(f"{self.path}/deliveries"))[::-1]

    async def logged(self, **fields: object) -> Answer:
        """The last entry that has these, once there is one."""

        async def found() -> list[Answer]:
            return [each for each in await self.log() if fields.items() <= each.items()]

        return (await eventually(found))[-1]


async def managed(regency: Regency, receiver: Receiver, *subjects: str) -> Managed:
    body = {"url": receiver.url, "region": regency.code, **({"subjects": list(subjects)} if subjects else {})}
    created = await regency.curator.create(ENDPOINTS, body)
    return Managed(regency.curator, f"{ENDPOINTS}/{created['id']}", created)


async def has(receiver: Receiver, *, secret: str, status: str, innovation: str) -> str:
    """The `webhook-id` of the hand-over that says so, once it is there. Everything received must be signed."""

    async def said() -> str | None:
        for each in receiver.requests:
            event: Any = Webhook(secret).verify(each.body, each.headers)
            if event["subject"] == f"innovation/{innovation}" and event["data"]["status"] == status:
                return each.headers["webhook-id"]
        return None

    found = await eventually(said, every=0.02)
    assert found is not None
    return found


async def draft(regency: Regency, agency_name: str = "Dinas Contoh") -> tuple[str, str]:
    agency = await regency.agency(agency_name)
    return await regency.draft(agency, PROFILE, EVIDENCE), agency


async def test_a_receiver_gets_the_present_and_then_what_changes(system: RunningSystem, regency: Regency) -> None:
    first, agency = await draft(regency)
    await regency.submit(first, agency)
    async with receiving() as receiver:
        hook = await managed(regency, receiver, "innovation", "agency")
        secret = hook.created["secret"]
        await has(receiver, secret=secret, status="submitted", innovation=first)
        second, agency = await draft(regency, "Dinas Lain")
        await regency.submit(second, agency)
        id = await has(receiver, secret=secret, status="submitted", innovation=second)

        kinds = {json.loads(each.body)["subject"].partition("/")[0] for each in receiver.requests}
        assert kinds == {"innovation", "agency"}
        assert {json.loads(each.body)["region"] for each in receiver.requests} == {regency.code}
        entry = await hook.logged(webhook_id=id)
        assert (entry["result"], entry["status"], entry["kind"], entry["attempt"]) == ("accepted", 204, "event", 1)

        # Once more what was sent, and a test event.
        receiver.requests.clear()
        again = f"{hook.path}/deliveries/{entry['number']}/redeliver"
        await regency.curator.create(again, {})
        await hook.logged(kind="redelivery", result="accepted", webhook_id=id)
        await regency.curator.create(f"{hook.path}/test", {}, key="uji")
        await regency.curator.create(f"{hook.path}/test", {}, key="uji")
        await hook.logged(kind="test", result="accepted", type="endpoint.test")
        assert receiver.ids[0] == id
        assert len(receiver.ids) == 2

        # A new secret: both sign.
        receiver.requests.clear()
        new = (await hook.act("rotate"))["secret"]
        assert new != secret
        await regency.verify(second, {"16": 2, "35": 3})
        for each in (secret, new):
            await has(receiver, secret=each, status="verified", innovation=second)

        # Disabled, it gets nothing; enabled, it goes on where it ended.
        assert (await hook.act("disable"))["status"] == "disabled"
        count = len(receiver.requests)
        await regency.give_back(first, {"16": "Belum terbaca"})
        refused = await regency.curator.raw("POST", f"{hook.path}/test", headers={"Idempotency-Key": "uji 2"})
        assert (refused.status_code, problem(refused)) == (409, "conflict")
        assert len(receiver.requests) == count
        assert (await hook.act("enable"))["status"] == "active"
        await has(receiver, secret=new, status="returned", innovation=first)

        # Removed, it is not there any more.
        seen = await regency.curator.raw("GET", hook.path)
        gone = await regency.curator.raw("DELETE", hook.path, headers={"If-Match": seen.headers["etag"]})
        assert gone.status_code == 204
        assert (await regency.curator.raw("GET", hook.path)).status_code == 404
        assert await regency.curator.every(ENDPOINTS) == []
        said = system.process.log.read_text()
    assert "/hook" not in said
    assert secret not in said
    assert new not in said


async def test_a_receiver_that_is_away_shows_when_it_is_tried_again_and_is_tried_at_once_when_asked(
    regency: Regency,
) -> None:
    first, agency = await draft(regency)
    await regency.submit(first, agency)
    async with receiving(status(503, Retry_After="600")) as receiver:
        hook = await managed(regency, receiver, "innovation")
        entry = await hook.logged(result="failed")
        shown = await eventually(lambda: regency.curator.get(hook.path), lambda it: it["failures"] == 1)
        assert (entry["status"], entry["failure"]) == (503, None)
        assert shown["next_attempt"] > shown["failing_since"]
        receiver.answer = status(204)
        await hook.act("enable")
        await has(receiver, secret=hook.created["secret"], status="submitted", innovation=first)


async def test_an_equal_request_makes_one_endpoint_and_only_its_answer_shows_the_secret(regency: Regency) -> None:
    curator = regency.curator
    async with receiving() as receiver:
        body = {"url": receiver.url, "region": regency.code}
        first = await curator.create(ENDPOINTS, body, key="dasbor")
        assert await curator.create(ENDPOINTS, body, key="dasbor") == first
        other = await curator.raw("POST", ENDPOINTS, json=body | {"subjects": ["agency"]}, headers=keyed("dasbor"))
        assert (other.status_code, problem(other)) == (422, "idempotency-key-reused")
        missing = await curator.raw("POST", ENDPOINTS, json=body)
        assert flaws(missing) == {"Idempotency-Key": "missing"}
        shown = await curator.get(f"{ENDPOINTS}/{first['id']}")
        assert first["secret"].startswith("whsec_")
        assert "secret" not in shown
        assert shown["url"] == receiver.url
        [listed] = await curator.every(ENDPOINTS)
        assert (listed["url"], listed["host"]) == (None, "127.0.0.1")


async def test_only_those_who_manage_the_region_reach_its_endpoints(system: RunningSystem, regency: Regency) -> None:
    body = {"region": regency.code}
    async with receiving() as receiver, Regency(system.url, system.issue) as elsewhere:
        body["url"] = receiver.url
        hook = await managed(regency, receiver)
        for grant in (
            Grant("pimpinan", Role.EXECUTIVE, regency.code),
            Grant("petugas", Role.AGENCY, regency.code, ("a1",)),
            subscriber("dasbor", region=regency.code),
        ):
            async with Api(system.url, system.issue(grant)) as other:
                for method, path in (("POST", ENDPOINTS), ("GET", ENDPOINTS), ("GET", hook.path)):
                    answer = await other.raw(method, path, json=body, headers=keyed("x"))
                    assert (answer.status_code, problem(answer)) == (403, "forbidden"), grant
        answer = await elsewhere.curator.raw("POST", ENDPOINTS, json=body, headers=keyed("x"))
        assert (answer.status_code, problem(answer)) == (403, "forbidden")
        for method, path in (
            ("GET", hook.path),
            ("GET", f"{hook.path}/deliveries"),
            ("POST", f"{hook.path}/rotate"),
            ("POST", f"{hook.path}/test"),
            ("POST", f"{hook.path}/deliveries/1/redeliver"),
            ("DELETE", hook.path),
        ):
            answer = await elsewhere.curator.raw(method, path, headers=keyed("x") | {"If-Match": '"1"'})
            assert (answer.status_code, problem(answer)) == (404, "not-found"), path
        assert (await regency.operator.get(hook.path))["id"] == hook.created["id"]


async def test_a_url_that_may_not_be_sent_to_is_refused(regency: Regency) -> None:
    codes = {
        "https://nama:sandi@8.8.8.8/x": "unusable",
        "https://8.8.8.8/#x": "unusable",
        "ftp://8.8.8.8/x": "unusable",
        f"https://{'a' * 64}.example/x": "unusable",
        "https://10.1.2.3/x": "not-allowed",
        "https://169.254.169.254/latest/meta-data": "not-allowed",
        "https://[::ffff:10.0.0.1]/x": "not-allowed",
        "https://8.8.8.8:22/x": "not-allowed",
        "http://8.8.8.8/x": "not-allowed",
        "https://tidak-ada.invalid/x": "not-allowed",
    }
    for url, code in codes.items():
        body = {"url": url, "region": regency.code}
        answer = await regency.curator.raw("POST", ENDPOINTS, json=body, headers=keyed("x"))
        assert (answer.status_code, problem(answer)) == (422, "invalid"), url
        assert flaws(answer) == {"url": code}, url
        assert url not in answer.text


async def test_an_unknown_subject_is_refused(regency: Regency) -> None:
    body = {"url": "https://8.8.8.8/x", "region": regency.code, "subjects": ["agency", "message"]}
    answer = await regency.curator.raw("POST", ENDPOINTS, json=body, headers=keyed("x"))
    assert flaws(answer) == {"subjects.1": "unknown"}


def keyed(value: str) -> dict[str, str]:
    return {"Idempotency-Key": value}


def problem(answer: httpx2.Response) -> str:
    """The slug of its problem document."""
    assert answer.headers["content-type"].startswith("application/problem+json"), answer.text
    return str(answer.json()["type"]).rpartition("/")[2]


def flaws(answer: httpx2.Response) -> dict[str, str]:
    return {each["field"]: each["code"] for each in answer.json()["flaws"]}
