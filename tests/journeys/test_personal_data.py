"""UU 27/2022: after people have written about persons wherever they can write, nothing of it is in any event, log, URL
or metric, whether it was accepted, refused, sent or returned."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from shared.ports.audit import ENTRY
from tests.servers.smtp import Mailbox
from tests.support.client import Regency, eventually
from tests.support.faults.engine_state import open_engines
from tests.support.faults.processes import RunningSystem
from tests.support.feed.follower import Follower
from tests.support.feed.grants import subscriber
from tests.support.personal.office import Office, contacts, everything
from tests.support.personal.planting import SECRET, Planter, documented, free_fields
from tests.support.providers.fonnte import FonnteProvider, fonnte_provider

NOW = "2026-11-16T09:00:00+07:00"
SERVICES = ("registry", "scoring", "notifications", "feed")

PUBLIC = {
    "registry NewRegion.name": "a region",
    "registry RegionTerms.name": "a region",
    "registry NewPolicy.decree": "the number of a decree",
    "registry RegionPolicy.decree": "the number of a decree",
    "registry NewDeadline.basis": "the number of a letter",
    "registry Cancellation.basis": "the number of a letter",
    "registry NewAgency.name": "an agency",
    "registry AgencyTerms.name": "an agency",
    "registry Profile.name": "an innovation",
    "registry Claim.unit": "the unit of a value, by which it is scored",
    "registry NewCommitment.number": "the number of a paper",
    "registry CommitmentTerms.number": "the number of a paper",
    "registry Promise.name": "an innovation",
    "notifications ExemptionBody.decree": "the number of a decree",
    "scoring EnteredLevel.unit": "compared with the catalogue's",
    "scoring SpdRow.unit": "compared with the catalogue's",
    "scoring Target.predicate": "compared with those that there are",
    "scoring TrialRow.unit": "compared with the catalogue's",
}
"""Fields that events carry on purpose, since they name no person, and that are chosen from a list."""

AUDITED = {
    "notifications AlertPolicyBody.decree": "the number of a decree",
    "notifications OfficeBody.name": "an office",
    "registry CertificateReference.number": "the number of a paper",
    "registry Claim.number": "the number of a letter",
    "registry Letter.number": "the number of a letter",
    "registry Paper.number": "the number of a paper",
    "registry RightEntry.number": "the number of a certificate",
    "registry Pipeline.name": "a pipeline",
    "registry PipelineStage.name": "a stage",
    "registry Profile.programme": "a programme",
    "registry Replicated.name": "an innovation",
    "registry Replicated.region_name": "a region",
    "scoring AwardTerms.giver": "an institution",
    "scoring AwardTerms.number": "the number of a paper",
    "scoring AwardTerms.title": "an award",
    "scoring Category.name": "a category of a competition",
    "scoring Criterion.name": "a criterion of a jury",
    "scoring Group.name": "a group of a competition",
    "scoring Milestone.name": "a part of a competition",
    "scoring OfficialResult.predicate": "a predicate",
    "scoring OfficialResult.source": "a letter",
    "scoring Proof.number": "the number of a letter",
    "scoring Terms.name": "a competition",
}
"""Fields that the audit log shows besides, since they are the names of things and the numbers of papers."""

pytestmark = pytest.mark.timeout(120)


@dataclass
class World:
    """A running system with providers of both channels."""

    system: RunningSystem
    mailbox: Mailbox
    fonnte: FonnteProvider

    async def metrics(self) -> str:
        async with httpx2.AsyncClient(trust_env=False) as http:
            return (await http.get(f"{self.system.process.admin_url}/metrics")).text

    async def events(self) -> tuple[str, str, str]:
        """All events: last, owed, in the feed; the audit logs; and what the stores hold besides."""
        events: list[str] = []
        entries: list[str] = []
        states: list[str] = []
        places = {"latest": events, ENTRY.name: entries}
        async with open_engines(self.system.process.environment) as engines:
            for name, store in engines.stores.items():
                for kind in engines.kinds[name]:
                    async for stored in store.dump(kind):
                        owed = [*stored["outbox"], *([stored["last_event"]] if stored["last_event"] else [])]
                        events += [each["body"] for each in owed]
                        places.get(kind, states).append(f"{stored['_id']} {stored['state']}")
        return "\n".join(events), "\n".join(entries), "\n".join(states)

    def bus(self) -> str:
        """Whatever the files of the bus hold, also of messages that are gone."""
        return "".join(each.read_bytes().decode("latin-1") for each in self.system.data.glob("bus.sqlite*"))

    def addresses(self) -> str:
        """The links in what was sent."""
        sent = [mail.message.as_string().replace("=\n", "") for mail in self.mailbox.mails]
        sent += [form["message"] for form in self.fonnte.sent]
        return "\n".join(found for text in sent for found in re.findall(r"https?://\S+", text))

    async def sent(self) -> list[int]:
        """How many messages each provider has accepted."""
        return [len(self.mailbox.mails), len(self.fonnte.sent)]

    def file_names(self) -> str:
        return "\n".join(str(each) for each in self.system.data.rglob("*"))


@asynccontextmanager
async def world(folder: Path, mailbox: Mailbox) -> AsyncIterator[World]:
    async with fonnte_provider() as fonnte:
        settings = {
            "BUSINESS_TIME": NOW,
            "WEBHOOK_NETWORKS": "127.0.0.0/8",
            "LOG_LEVEL": "debug",
            "FONNTE_TOKEN": fonnte.token,
            "FONNTE_URL": fonnte.url,
        }
        async with RunningSystem(folder, settings, smtp=mailbox.url) as system:
            await system.process.ready()
            yield World(system, mailbox, fonnte)


async def nonsense(office: Office) -> None:
    """Every route is told about persons what it does not understand: in its body, a key, and the text of a query."""
    word = office.planter.word
    accounts = (office.regency.operator, office.curator, office.regency.officer("a"))
    for service in SERVICES:
        for path, operations in documented(service)["paths"].items():
            url = f"/{service}/v1" + re.sub(r"\{[^}]+\}", "x", path)
            for method, operation in operations.items():
                if "requestBody" not in operation:
                    continue
                for who in accounts:
                    body = {word("nonsense"): word("nonsense"), "name": [word("nonsense")], "email": word("nonsense")}
                    headers = {"If-Match": '"1"', "Idempotency-Key": word("nonsense")}
                    answer = await who.raw(method.upper(), url, json=body, headers=headers)
                    assert 400 <= answer.status_code < 500, (method, url, answer.status_code, answer.text)


async def test_nothing_about_persons_is_in_events_logs_urls_and_metrics(tmp_path: Path, mailbox: Mailbox) -> None:
    planter = Planter(frozenset(PUBLIC))
    async with world(tmp_path, mailbox) as it, Regency(it.system.url, it.system.issue) as regency:
        await regency.go_live()
        mailbox.refuse(f"550 5.1.1 <{planter.word('refusal').casefold()}@orang.example>: Ibu {planter.word('refusal')}")
        it.fonnte.refuse(f"invalid target {planter.word('refusal')}")
        office = Office(regency, planter)
        late = await everything(office)
        await eventually(it.metrics, lambda text: 'satu_attempts_total{channel="email",result="recipient"}' in text)
        mailbox.accept()
        await contacts(office, late)
        await nonsense(office)
        await eventually(it.sent, all)
        await it.system.wait_until_idle()
        follower = Follower(it.system.url, it.system.issue(subscriber("pencari")))
        await follower.read()
        events, entries, states = await it.events()
        searched = {
            "events": events,
            "audit logs": entries,
            "pages of the feed": "\n".join(follower.bodies().values()),
            "bus": it.bus(),
            "log": it.system.process.log.read_text(),
            "metrics": await it.metrics(),
            "links": it.addresses(),
            "names of files": it.file_names(),
        }

    assert missing(planter) == set(), "plant them, or say why they are public"
    texts = {place: text.casefold() for place, text in searched.items()}
    audited = {("audit logs", field) for field in AUDITED}
    every = [(place, field) for place, text in texts.items() for field in planter.fields_in(text)]
    found = [f"{place}: {field}" for place, field in every if (place, field) not in audited]
    assert not found, "\n".join(found)
    for word in (word for field in AUDITED for word in planter.planted[field]):
        texts["audit logs"] = texts["audit logs"].replace(word, "")
    assert [place for place, text in texts.items() if SECRET in text] == []
    assert len(planter.fields_in(states.casefold())) > 55, "the search finds what is where it belongs"
    assert f'"{regency.code}"' in searched["events"]
    assert searched["log"].count("http.answered") > 300


def missing(planter: Planter) -> set[str]:
    """The free texts of all requests that were neither planted nor are public."""
    return {each for service in SERVICES for each in free_fields(service)} - planter.planted.keys() - PUBLIC.keys()
