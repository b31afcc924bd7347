"""A backup, changes, a restore, more changes: then all services agree with the registry, and no mail is sent again.
Once with the store still there, and once after the loss of the disk."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.servers.rabbit import Rabbit
from tests.servers.smtp import Mailbox
from tests.support.client import Answer, Regency, eventually
from tests.support.commands import satu
from tests.support.faults.pair import pair
from tests.support.faults.processes import RunningSystem
from tests.support.faults.scenario import CLAIMED, DEADLINE, EVIDENCE, NOW, YEAR, reminders_to
from tests.support.registry_samples import valid_profile
from tests.support.small_files import PDF_FILE

PASSED = DEADLINE
FAR = date(2026, 12, 31)
NEAR = date(2026, 7, 1)

pytestmark = pytest.mark.timeout(180)


@dataclass
class Story:
    """One region before a backup, between backup and restore, and after. address: of the agency that owes; file: the
    digest of an evidence file."""

    system: RunningSystem
    regency: Regency
    mailbox: Mailbox
    diligent: str = ""
    owing: str = ""
    innovation: str = ""
    later: str = ""
    later_innovation: str = ""
    file: str = ""
    address: str = ""

    async def before(self) -> None:
        """One agency submits with a file; another owes an innovation of the year before and got one mail."""
        regency = self.regency
        self.address = f"lalai-{regency.code}@satu.example"
        await regency.go_live()
        await regency.found()
        await regency.be_reminded_at_any_hour()
        await regency.deadline(YEAR, FAR)
        self.diligent = await regency.agency("Dinas Rajin")
        self.owing = await regency.agency("Dinas Lalai", mail=self.address)
        self.innovation = await regency.draft(self.diligent, valid_profile(applied_on="2026-05-05"), EVIDENCE)
        self.file = await self._upload()
        await regency.submit(self.innovation, self.diligent)
        await regency.becomes(self.diligent, YEAR, "fulfilled")
        await self.scored(self.innovation)
        await regency.deadline(YEAR - 1, PASSED)
        await self.check_mails(1)
        await self.system.wait_until_idle()

    async def between(self) -> None:
        """Changes after the backup: a mail is sent, an innovation withdrawn, a new agency submits."""
        regency = self.regency
        await regency.deadline(YEAR, PASSED)
        await self.check_mails(2)
        await regency.withdraw(self.innovation, self.diligent)
        self.later = await regency.agency("Dinas Kemudian")
        self.later_innovation = await regency.draft(
            self.later, valid_profile(name="Kemudian", applied_on="2026-05-05"), EVIDENCE
        )
        await regency.submit(self.later_innovation, self.later)
        await regency.becomes(self.diligent, YEAR, "overdue")
        await regency.becomes(self.later, YEAR, "fulfilled")
        await self.scored(self.later_innovation)
        await self.system.wait_until_idle()

    async def as_it_was(self) -> None:
        """Every service has the state of the backup, and they agree."""
        regency = self.regency
        assert (await regency.innovation(self.innovation))["status"] == "submitted"
        duty = await regency.becomes(self.diligent, YEAR, "fulfilled")
        assert (duty["counted"], duty["deadline"]) == ([self.innovation], FAR.isoformat())
        await regency.becomes(self.owing, YEAR, "open")
        await regency.becomes(self.owing, YEAR - 1, "overdue")
        await self.scored(self.innovation)
        path = f"/registry/v1/innovations/{self.innovation}/evidence/16/files/{self.file}"
        assert (await regency.curator.raw("GET", path)).content == PDF_FILE
        for gone in (
            f"/registry/v1/agencies/{self.later}",
            f"/scoring/v1/scorecards/{self.later_innovation}",
            f"/notifications/v1/obligations/{self.later}/{YEAR}",
        ):
            assert (await regency.curator.raw("GET", gone)).status_code == 404, gone
        await self.system.wait_until_idle()
        await self.agree()

    async def after(self) -> str:
        """Changes after the restore: the deadline moves as before, the innovation is verified, a new agency submits.
        Returns the mail address of that agency: a mail about the year before shows that mails are sent again."""
        regency = self.regency
        await regency.deadline(YEAR, PASSED)
        await regency.verify(self.innovation, {"16": 2, "32": 3})
        newcomer = f"baru-{regency.code}@satu.example"
        agency = await regency.agency("Dinas Baru")
        innovation = await regency.draft(agency, valid_profile(name="Baru", applied_on="2026-05-05"), EVIDENCE)
        await regency.submit(innovation, agency)
        await regency.becomes(agency, YEAR, "fulfilled")
        await regency.becomes(agency, YEAR - 1, "overdue")
        await regency.contact([agency], newcomer)
        await regency.becomes(self.owing, YEAR, "overdue")
        await self.scored(innovation)
        await eventually(
            lambda: regency.scorecard(self.innovation), lambda card: card["maturity"]["verified"] == 2 * 3 + 3 * 2
        )
        await self.system.wait_until_idle()
        await self.agree()
        return newcomer

    async def agree(self) -> None:
        """Scoring and notifications have the documents that follow from the registry, and no others."""
        ask, code = self.regency.curator.every, self.regency.code
        agencies = {each["id"] for each in await ask("/registry/v1/agencies", region=code)}
        innovations = {each["id"]: each for each in await ask("/registry/v1/innovations", region=code)}
        cards = {each["innovation"]: each for each in await ask("/scoring/v1/scorecards", region=code)}
        duties = await ask("/notifications/v1/obligations", region=code)
        assert cards.keys() == innovations.keys()
        assert {(each["agency"], each["year"]) for each in duties} == {
            (agency, year) for agency in agencies for year in (YEAR - 1, YEAR)
        }
        counting = {
            (each["agency"], each["year"], id)
            for id, each in innovations.items()
            if each["status"] in ("submitted", "verified")
        }
        assert {(each["agency"], each["year"], id) for each in duties for id in each["counted"]} == counting
        for id, card in cards.items():
            assert (card["agency"], card["year"]) == (innovations[id]["agency"], innovations[id]["year"])

    async def scored(self, innovation: str) -> None:
        await eventually(
            lambda: self.regency.scorecard(innovation),
            lambda card: card["maturity"] is not None and card["maturity"]["claimed"] == CLAIMED,
        )

    async def check_mails(self, times: int, address: str | None = None) -> None:
        """Wait for that many reminders at the address; there is none more, and none twice."""

        async def mails() -> list[str]:
            return [mail.message_id for mail in reminders_to(address or self.address, self.mailbox)]

        them = await eventually(mails, lambda now: len(now) >= times)
        assert (len(them), len(set(them))) == (times, times)

    async def held(self) -> Answer:
        return await self.regency.operator.get("/notifications/v1/held")

    async def _upload(self) -> str:
        officer, path = self.regency.officer(self.diligent), f"/registry/v1/innovations/{self.innovation}"
        tag = (await officer.raw("GET", path)).headers["etag"]
        files: dict[str, Any] = {"file": ("SK.pdf", PDF_FILE, "application/pdf")}
        added: httpx2.Response = await officer.raw(
            "POST", f"{path}/evidence/16/files", files=files, headers={"If-Match": tag}
        )
        return str(added.json()["evidence"]["16"]["files"][0]["digest"])


def duties_of(held: Answer) -> list[Answer]:
    """The reasons of held alerts that are about a duty."""
    return [each["alert"]["reason"] for each in held["alerts"] if each["alert"]["reason"]["kind"] == "duty"]


async def restored(story: Story, folder: Path, *, lose: bool) -> str:
    """Stop the process, lose the disk if asked, restore, start the process. Returns the output of the command."""
    process = story.system.process
    assert await process.stop() == 0
    if lose:
        for path in story.system.data.iterdir():
            if path.name not in ("operator", "access"):  # the operator's key is also kept elsewhere
                shutil.rmtree(path) if path.is_dir() else path.unlink()
    done = await satu(story.system.process.environment, "restore", str(folder))
    await process.start()
    await process.ready()
    return done.out


async def run(story: Story, folder: Path, *, lose: bool) -> tuple[str, str]:
    """Play everything. Returns the output of the restore and the mail address of the new agency."""
    await story.before()
    taken = await satu(story.system.process.environment, "backup", str(folder))
    assert "registry: " in taken.out
    await story.between()
    output = await restored(story, folder, lose=lose)
    await story.as_it_was()
    return output, await story.after()


async def check_no_mail_is_repeated(story: Story, folder: Path) -> None:
    """With the ledgers still there, it is known what was sent since the backup."""
    output, newcomer = await run(story, folder, lose=False)

    assert "ledgers were lost" not in output
    assert (await story.held())["since"] is None
    await story.check_mails(1, newcomer)
    await story.check_mails(2)
    await story.regency.deadline(YEAR, NEAR)
    await story.check_mails(3)


async def test_where_the_store_is_still_there_the_ledger_of_what_was_sent_is_kept(
    tmp_path: Path, mailbox: Mailbox
) -> None:
    async with (
        RunningSystem(tmp_path, {"BUSINESS_TIME": NOW}, smtp=mailbox.url) as system,
        Regency(system.url, system.issue) as regency,
    ):
        await system.process.ready()
        await check_no_mail_is_repeated(Story(system, regency, mailbox), tmp_path / "set")


@pytest.mark.drawn(3, of="losses")
@pytest.mark.rabbit
@pytest.mark.mongo
async def test_where_the_servers_are_still_there_the_ledger_of_what_was_sent_is_kept(
    tmp_path: Path, mailbox: Mailbox, rabbit: Rabbit, mongo_url: str
) -> None:
    async with (
        rabbit.vhost() as vhost,
        RunningSystem(tmp_path, {**pair(vhost, mongo_url), "BUSINESS_TIME": NOW}, smtp=mailbox.url) as system,
        Regency(system.url, system.issue) as regency,
    ):
        await system.process.ready()
        await check_no_mail_is_repeated(Story(system, regency, mailbox), tmp_path / "set")


@pytest.mark.sampled(1)
@pytest.mark.parametrize("word", ["discard", "release"])
async def test_after_the_loss_of_the_disk_what_may_have_been_sent_waits_for_the_operators_word(
    word: str, tmp_path: Path, mailbox: Mailbox
) -> None:
    async with (
        RunningSystem(tmp_path, {"BUSINESS_TIME": NOW}, smtp=mailbox.url) as system,
        Regency(system.url, system.issue) as regency,
    ):
        await system.process.ready()
        story = Story(system, regency, mailbox)
        output, newcomer = await run(story, tmp_path / "set", lose=True)

        assert "notifications: its ledgers were lost" in output
        waiting = await eventually(story.held, lambda held: len(duties_of(held)) == 2)
        assert waiting["since"] is not None
        shown = (await satu(system.process.environment, "remind", "--dry-run")).out
        assert shown.count("held since the restore: ") == 2, shown
        assert story.address not in shown, "addresses are masked"
        await story.check_mails(2)

        await satu(system.process.environment, "remind", f"--{word}-held")

        assert (await story.held()) == {"since": None, "alerts": [], "messages": []}
        if word == "release":
            await satu(system.process.environment, "remind")  # at once; the server's own sweep does it within a minute
            await story.check_mails(3)
            await story.check_mails(1, newcomer)
        await regency.deadline(YEAR, NEAR)
        await story.check_mails(4 if word == "release" else 3)
        await system.wait_until_idle()
        await story.agree()


async def test_a_set_that_is_not_whole_is_refused_and_nothing_is_touched(tmp_path: Path, mailbox: Mailbox) -> None:
    async with (
        RunningSystem(tmp_path, {"BUSINESS_TIME": NOW}, smtp=mailbox.url) as system,
        Regency(system.url, system.issue) as regency,
    ):
        await system.process.ready()
        await regency.found()
        agency = await regency.agency()
        folder = tmp_path / "set"
        await satu(system.process.environment, "backup", str(folder))
        again = await satu(system.process.environment, "backup", str(folder), status=2)
        assert "not-empty" in again.err or "new or empty" in again.err
        busy = await satu(system.process.environment, "restore", str(folder), status=2)
        assert "registry" in busy.err, "a process still serves the store"
        await system.process.stop()
        lines = folder / "registry" / "agency.jsonl"
        lines.write_bytes(lines.read_bytes() + b"{}\n")

        refused = await satu(system.process.environment, "restore", str(folder), status=2)

        assert refused.err.splitlines() == ["satu: registry/agency.jsonl: its content is not what the manifest says"]
        await system.process.start()
        await system.process.ready()
        assert (await regency.curator.get(f"/registry/v1/agencies/{agency}"))["id"] == agency
