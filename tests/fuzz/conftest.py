"""A running process with sample data, as the target of the fuzz tests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
import yaml
from anyio.from_thread import BlockingPortal, start_blocking_portal

from services.scoring.ranking.terms import Terms
from shared.auth.keys import Grant
from shared.auth.policy import Role
from shared.contracts.event_types import OPEN_SUBJECTS
from tests.servers.smtp import Mailbox
from tests.support.client import Regency, eventually
from tests.support.faults.processes import RunningSystem
from tests.support.faults.scenario import EVIDENCE, NOW, YEAR
from tests.support.paths import ROOT
from tests.support.registry_samples import valid_profile

COMPETITION = ROOT / "examples/pontianak/competition.yaml"
ROLES = ("nobody", *(role.value for role in Role if role is not Role.PUBLIC))


@dataclass(frozen=True)
class Target:
    """The process under test. tokens: by role; known: existing ids by path parameter, or by `<collection> <parameter>`,
    which is preferred."""

    system: RunningSystem
    portal: BlockingPortal
    tokens: dict[str, str]
    known: dict[str, str]

    @property
    def url(self) -> str:
        return self.system.url

    def at_rest(self) -> None:
        """Assert that nothing is owed, queued or parked, and that the process was never restarted."""
        self.portal.call(self.system.wait_until_idle, 60.0)
        assert self.system.process.deaths == 0
        assert self.system.process.failure() is None


@asynccontextmanager
async def running_with_samples(
    folder: Path, smtp: str
) -> AsyncIterator[tuple[RunningSystem, dict[str, str], dict[str, str]]]:
    """A process with a region, agencies, a draft, a submitted and a verified innovation, a contact and its message."""
    async with (
        RunningSystem(folder, {"BUSINESS_TIME": NOW}, smtp=smtp) as system,
        Regency(system.url, system.issue) as regency,
    ):
        await system.process.ready()
        await regency.go_live()
        await regency.found()
        agency = await regency.agency()
        draft = await regency.draft(agency, valid_profile(applied_on="2026-05-05"), EVIDENCE)
        second = await regency.draft(agency, valid_profile(name="Kedua", applied_on="2026-05-05"), EVIDENCE)
        await regency.submit(second, agency)
        third = await regency.draft(agency, valid_profile(name="Ketiga", applied_on="2026-05-05"), EVIDENCE)
        await regency.submit(third, agency)
        await regency.verify(third, dict.fromkeys(EVIDENCE, 1))
        owing = await regency.agency("Dinas Lalai", mail="lalai@satu.example")
        await regency.deadline(YEAR, date(2026, 6, 10))
        messages = await eventually(
            lambda: regency.curator.every("/notifications/v1/messages", region=regency.code),
            lambda them: bool(them) and them[0]["status"] == "sent",
        )
        await eventually(lambda: regency.scorecard(second), lambda card: card["maturity"] is not None)
        terms = Terms.model_validate(yaml.safe_load(COMPETITION.read_text())["terms"]).model_dump(mode="json")
        contest = await regency.curator.create("/scoring/v1/competitions", {"region": regency.code, "terms": terms})
        await eventually(lambda: regency.scorecard(third), lambda card: card["status"] == "verified")
        frozen = await regency.curator.create(
            "/scoring/v1/rankings/freezes", {"region": regency.code, "year": YEAR, "synthetic": True}
        )
        rescore = await regency.curator.create(
            "/scoring/v1/rescores", {"region": regency.code, "catalogue": "2026", "dry_run": True}
        )
        known = {
            "competitions id": contest["id"],
            "competition": contest["id"],
            "series": str(frozen["series"]),
            "rescores id": rescore["id"],
            "regions code": regency.code,
            "region": regency.code,
            "agencies id": agency,
            "innovations id": draft,
            "scorecards innovation": second,
            "agency": owing,
            "year": str(YEAR),
            "row": "16",
            "person": messages[0]["person"],
            "number": "1",
            "catalogues name": "2026.1",
        }
        grants = {
            "agency": Grant("fuzz-agency", Role.AGENCY, regency.code, (agency, owing)),
            "curator": Grant("fuzz-curator", Role.CURATOR, regency.code),
            "executive": Grant("fuzz-executive", Role.EXECUTIVE, regency.code),
            "operator": Grant("fuzz-operator", Role.OPERATOR),
            "subscriber": Grant("fuzz-subscriber", Role.SUBSCRIBER, None, (), tuple(OPEN_SUBJECTS)),
        }
        yield system, {role: system.issue(grant) for role, grant in grants.items()}, known


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    mailbox = Mailbox()
    mailbox.start()
    try:
        with (
            start_blocking_portal() as portal,
            portal.wrap_async_context_manager(
                running_with_samples(tmp_path_factory.mktemp("fuzz"), mailbox.url)
            ) as started,
        ):
            system, tokens, known = started
            yield Target(system, portal, tokens, known)
    finally:
        mailbox.stop()
