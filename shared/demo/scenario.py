"""The steps of the demo, over HTTP with tokens of its own. Each step is checked and counted."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from shared import indonesian
from shared.clock import Clock, machine_seconds
from shared.demo.client import Client
from shared.demo.mail_sandbox import MailSandbox
from shared.demo.sample import Sample, SampleInnovation

TIMEOUT = 60.0  # seconds after which a step that waits for an event has failed; it takes a fraction of one

Answer = TypeVar("Answer")

Say = Callable[[str], None]
Tokens = Callable[[str, str | None, tuple[str, ...]], str]
"""role, region, agencies → a token."""


@dataclass
class ScenarioResult:
    """agencies: the sample's key → the agency's id; passed: how many steps passed; failed: a sentence for each step
    that did not."""

    agencies: dict[str, str] = field(default_factory=dict)
    passed: int = 0
    failed: list[str] = field(default_factory=list)

    def expect(self, passed: bool, step: str) -> None:
        """Count the step."""
        if passed:
            self.passed += 1
        else:
            self.failed.append(step)


@dataclass(frozen=True)
class Scenario:
    """One run. address: of the services; tokens: makes a token; say: prints a line."""

    sample: Sample
    address: str
    tokens: Tokens
    clock: Clock
    sandbox: MailSandbox
    say: Say

    async def run(self) -> ScenarioResult:
        """All steps, in order."""
        result = ScenarioResult()
        region = self.sample.region
        async with (
            Client(self.address, self.tokens("operator", None, ())) as operator,
            Client(self.address, self.tokens("curator", region.code, ())) as curator,
        ):
            await self._register(operator, curator, result)
            await self._submit(result)
            await self._score(curator, result)
            await self._verify(curator, result)
            await self._remind(curator, result)
            await self._turn_the_year(curator, result)
        return result

    async def _register(self, operator: Client, curator: Client, result: ScenarioResult) -> None:
        region = self.sample.region
        body = {name: getattr(region, name) for name in ("code", "name", "zone", "catalogue", "policy")}
        await operator.create("/registry/v1/regions", body, f"region {region.code}")
        place = f"/registry/v1/regions/{region.code}"
        deadline = region.deadline.model_dump(mode="json")
        await curator.change("POST", f"{place}/deadlines", deadline, place)
        last_day = indonesian.day(region.deadline.date)
        self.say(f"{region.name} terdaftar; tenggat kewajiban {region.deadline.year}: {last_day}")
        for agency in self.sample.agencies:
            entry = {"region": region.code, "name": agency.name, "kind": agency.kind}
            made = await curator.create("/registry/v1/agencies", entry, f"agency {agency.key}")
            result.agencies[agency.key] = made["id"]
        self.say(f"{len(result.agencies)} perangkat daerah terdaftar")
        result.expect(len(result.agencies) == len(self.sample.agencies), "every agency is registered")

    async def _submit(self, result: ScenarioResult) -> None:
        names = {agency.key: agency.name for agency in self.sample.agencies}
        for innovation in self.sample.innovations:
            agency = result.agencies[innovation.agency]
            token = self.tokens("agency", self.sample.region.code, (agency,))
            async with Client(self.address, token) as client:
                place = await self._draft(client, innovation, agency, names[innovation.agency])
                for row, claim in self.sample.evidence[innovation.strength].items():
                    proof = {"links": [f"https://bukti.kuburaya.example/{row}"], **claim}
                    await client.change("PUT", f"{place}/evidence/{row}", proof, place)
                submitted = await client.change("POST", f"{place}/submit", None, place)
            result.expect(submitted["status"] == "submitted", f"{innovation.name} is submitted")
            self.say(f"diajukan: {innovation.name} – {names[innovation.agency]}")

    async def _draft(self, client: Client, innovation: SampleInnovation, agency: str, agency_name: str) -> str:
        texts = {
            name: text.format(name=innovation.name, agency=agency_name) for name, text in self.sample.profile.items()
        }
        profile = {
            "name": innovation.name,
            "stage": "penerapan",
            "initiator": "opd",
            "classification": "perangkat_daerah",
            "nature": innovation.nature,
            "form": innovation.form,
            "main_affair": innovation.affair,
            "asta_cita": [4, 7],
            "cluster": "non_pkpn",
            "trial_on": "2025-02-03",
            "applied_on": "2025-05-05",
            "developed": False,
            **texts,
        }
        body = {"agency": agency, "year": self.sample.region.deadline.year, "profile": profile}
        made = await client.create("/registry/v1/innovations", body, f"innovation {innovation.name}")
        return f"/registry/v1/innovations/{made['id']}"

    async def _score(self, curator: Client, result: ScenarioResult) -> None:
        wanted = len(self.sample.innovations)
        begun = machine_seconds()
        cards = await _until(
            lambda: curator.every("/scoring/v1/scorecards", region=self.sample.region.code),
            lambda cards: sum(card["maturity"] is not None for card in cards) == wanted,
        )
        cards = [card for card in cards if card["maturity"] is not None]
        result.expect(len(cards) == wanted, f"{wanted} innovations are scored, {len(cards)} are")
        for card in sorted(cards, key=lambda card: -card["maturity"]["claimed"]):
            points = card["maturity"]
            self.say(
                f"dinilai: {card['name']} – skor kematangan {points['claimed']} dari {points['of']} (klaim, sintetis)"
            )
        self.say(f"semua dinilai dalam {machine_seconds() - begun:.1f} detik sesudah pengajuan terakhir")

    async def _verify(self, curator: Client, result: ScenarioResult) -> None:
        places = await curator.every("/registry/v1/innovations", region=self.sample.region.code)
        chosen = next(each for each in places if each["profile"]["name"] == "Spirit")
        place = f"/registry/v1/innovations/{chosen['id']}"
        levels = {"16": 3, "17": 3, "18": 2, "32": 3, "33": 3, "35": 3}
        done = await curator.change("POST", f"{place}/verify", {"rows": levels}, place)
        result.expect(done["status"] == "verified", "the curator verified Spirit")
        card = await _until(
            lambda: curator.get(f"/scoring/v1/scorecards/{chosen['id']}"), lambda card: card["maturity"]["verified"] > 0
        )
        points = card["maturity"]
        result.expect(points["verified"] > 0, "Spirit has a verified maturity")
        self.say(f"diverifikasi: Spirit – {points['verified']} terverifikasi, {points['claimed']} diklaim")

    async def _remind(self, curator: Client, result: ScenarioResult) -> None:
        await self._wait_for_obligations(curator, result)
        table = io.StringIO()
        writer = csv.DictWriter(table, ["agency", "name", "email", "phone"], lineterminator="\n")
        writer.writeheader()
        for contact in self.sample.contacts:
            row = {"agency": result.agencies[contact.key], "name": contact.name, "email": contact.email, "phone": ""}
            writer.writerow(row)
        await curator.send_csv("/notifications/v1/contacts/import", table.getvalue(), region=self.sample.region.code)
        owing = await self._owing(curator, "open", result)
        reachable = self._reachable(result)
        expected = sum(1 for duty in owing if duty["agency"] in reachable)
        result.expect(await self.sandbox.arrived(expected, TIMEOUT), f"{expected} reminders 30 days before")
        self.say(f"{len(owing)} perangkat daerah belum memenuhi kewajiban; {len(self.sandbox.mails)} surel pengingat")

    async def _turn_the_year(self, curator: Client, result: ScenarioResult) -> None:
        reminders = len(self.sandbox.mails)
        new_year = datetime(2026, 1, 2, 9, 0, tzinfo=ZoneInfo(self.sample.region.zone))
        self.clock.move_to(new_year)
        self.say("waktu dimajukan ke 2 Januari 2026, 09.00 WIB")
        overdue = await self._owing(curator, "overdue", result)
        reachable = self._reachable(result)
        reminded = [duty for duty in overdue if duty["agency"] in reachable]
        arrived = await self.sandbox.arrived(reminders + len(reminded), TIMEOUT)
        result.expect(arrived, f"{len(reminded)} overdue mails; {len(self.sandbox.mails) - reminders} arrived")
        ids = [mail.message_id for mail in self.sandbox.mails]
        result.expect(len(ids) == len(set(ids)), "no mail arrived twice")
        names = {result.agencies[agency.key]: agency.name for agency in self.sample.agencies}
        for duty in sorted(overdue, key=lambda duty: names[duty["agency"]]):
            note = "surel terkirim" if duty["agency"] in reachable else "TANPA KONTAK, dilaporkan kepada kurator"
            self.say(f"terlambat: {names[duty['agency']]} – {note}")
        missing = await curator.every("/notifications/v1/unreachable", region=self.sample.region.code, year=2025)
        unreachable = {duty["agency"] for duty in overdue} - reachable
        result.expect(
            {each["agency"] for each in missing} == unreachable, f"{len(unreachable)} agencies are reported unreachable"
        )

    async def _wait_for_obligations(self, curator: Client, result: ScenarioResult) -> None:
        """Wait until notifications knows every agency: contacts of an unknown agency cannot be imported."""
        region, expected = self.sample.region, len(self.sample.agencies)
        duties = await _until(
            lambda: curator.every("/notifications/v1/obligations", region=region.code, year=region.deadline.year),
            lambda duties: len(duties) == expected,
        )
        result.expect(len(duties) == expected, f"{expected} obligations exist, {len(duties)} do")

    async def _owing(self, curator: Client, status: str, result: ScenarioResult) -> list[dict[str, Any]]:
        keys = {innovation.agency for innovation in self.sample.innovations}
        expected = len(self.sample.agencies) - len(keys)
        owing = await _until(
            lambda: curator.every(
                "/notifications/v1/obligations", region=self.sample.region.code, year=2025, status=status
            ),
            lambda owing: len(owing) == expected,
        )
        result.expect(len(owing) == expected, f"{expected} obligations are {status}, {len(owing)} are")
        return owing

    def _reachable(self, result: ScenarioResult) -> set[str]:
        return {result.agencies[contact.key] for contact in self.sample.contacts if contact.email}


async def _until(ask: Callable[[], Awaitable[Answer]], complete: Callable[[Answer], bool]) -> Answer:
    """Ask again until the answer is complete or the time is over: HTTP does not tell when an event was processed."""
    deadline = machine_seconds() + TIMEOUT
    while True:
        answer = await ask()
        if complete(answer) or machine_seconds() > deadline:
            return answer
        await asyncio.sleep(0.1)
