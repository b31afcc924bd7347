"""A region is moved to another installation with `satu`, beside a region that is there: everything of it is there
afterwards, nobody is mailed again, those who follow either feed have the truth, and where it was nothing of it is left.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.registry.kinds import UNREFERENCED
from shared.ports.audit import AUDIT_NAMES
from tests.servers.smtp import Mailbox
from tests.support.apart.populated import YEAR, Populated, populated
from tests.support.client import Regency, eventually
from tests.support.faults.places import WAYS, Place, places
from tests.support.faults.scenario import reminders_to
from tests.support.feed.truth import follower_of
from tests.support.registry_samples import valid_evidence, valid_profile

PASSED = date(2026, 11, 10)
LATER = "Layanan sesudah pindah"

pytestmark = pytest.mark.timeout(180)


@dataclass
class Neighbour:
    """A region that stays where it is."""

    regency: Regency
    agency: str
    innovation: str


async def reminded(regency: Regency, agency: str) -> None:
    """A reminder of last year's duty is due."""
    await regency.be_reminded_at_any_hour()
    await regency.deadline(YEAR - 1, PASSED)
    await regency.becomes(agency, YEAR - 1, "overdue")


async def moves(regency: Regency) -> Populated:
    """A region with one of everything."""
    it = await populated(regency, "PINDAH")
    await reminded(regency, it.agency)
    return it


async def stays(regency: Regency) -> Neighbour:
    """A region with an innovation."""
    await regency.found()
    agency = await regency.agency("Dinas Tetangga", mail=f"{regency.code}@tetangga.example")
    innovation = await regency.draft(agency, valid_profile(), valid_evidence(), YEAR)
    await regency.submit(innovation, agency)
    await reminded(regency, agency)
    return Neighbour(regency, agency, innovation)


async def shown(regency: Regency, it: Populated) -> dict[str, Any]:
    """What its users see of it, without versions and times of the machine."""
    ask, code, year = regency.curator.get, regency.code, YEAR
    file = await regency.curator.raw("GET", f"/registry/v1/innovations/{it.innovation}/evidence/16/files/{it.digest}")
    obligation = await regency.obligation(it.agency, year - 1)
    return {
        "innovation": await ask(f"/registry/v1/innovations/{it.innovation}"),
        "commitment": await ask(f"/registry/v1/commitments/{it.agency}/{year}"),
        "mentor": await ask(f"/registry/v1/agencies/{it.agency}/mentor"),
        "ideas": await ask(f"/registry/v1/regions/{code}/ideas"),
        "import": await ask(f"/registry/v1/imports/{it.made['import']}/findings"),
        "file": file.content,
        "scorecard": (await regency.scorecard(it.innovation))["maturity"],
        "competition": await ask(f"/scoring/v1/competitions/{it.made['competition']}"),
        "spd": await ask(f"/scoring/v1/spd/{code}/{year}"),
        "awards": await ask("/scoring/v1/awards"),
        "obligation": (obligation["status"], obligation["deadline"]),
        "contact": await ask(f"/notifications/v1/contacts/{it.made['person']}"),
        "office": await ask(f"/notifications/v1/office/{code}"),
        "endpoint": await ask(f"/feed/v1/endpoints/{it.made['endpoint']}"),
    }


def without_versions(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        return {key: without_versions(each) for key, each in value.items() if key not in ("sequence", "cursor")}
    return [without_versions(each) for each in value] if isinstance(value, list) else value


async def held_and_released(place: Place, mailbox: Mailbox, there: Regency, arrived: Regency) -> None:
    """What is due by the day of the restore may have been sent where the region came from: it is held, of that region
    only, until the operator decides."""
    addresses = {each.code: f"baru-{each.code}@satu.example" for each in (there, arrived)}
    for regency in (there, arrived):
        agency = await regency.agency("Dinas Baru", mail=addresses[regency.code])
        await regency.becomes(agency, YEAR - 1, "overdue")

    async def mails() -> dict[str, int]:
        return {code: len(reminders_to(each, mailbox)) for code, each in addresses.items()}

    async def held() -> set[str]:
        return {each["region"] for each in (await there.operator.get("/notifications/v1/held"))["alerts"]}

    await eventually(mails, lambda counts: counts[there.code] == 1)
    await eventually(held, lambda regions: regions == {arrived.code})
    assert (await mails())[arrived.code] == 0
    await place.command("remind", "--release-held")
    await place.command("remind")
    await eventually(mails, lambda counts: counts[arrived.code] == 1)


@pytest.mark.parametrize(("source", "target"), WAYS)
async def test_a_region_moves_and_works_on_where_it_comes(
    request: pytest.FixtureRequest, tmp_path: Path, mailbox: Mailbox, source: str, target: str
) -> None:
    kept = str(tmp_path / "set")
    async with places(request, tmp_path, mailbox.url, source, target) as (one, two), AsyncExitStack() as users:
        regions = [Regency(each.system.url, each.system.issue) for each in (one, one, two)]
        moving, staying, there = [await users.enter_async_context(each) for each in regions]
        a, o, b = await asyncio.gather(moves(moving), stays(staying), stays(there))
        addresses = ["pindah@dinas.example", *(f"{each.regency.code}@tetangga.example" for each in (o, b))]

        async def mails() -> list[int]:
            return [len(reminders_to(each, mailbox)) for each in addresses]

        await eventually(mails, all)
        before = await shown(moving, a)
        left, come = follower_of(one.system), follower_of(two.system)
        await one.follows(left)
        theirs = set(await two.follows(come))
        sent = await mails()

        await one.stop()
        assert "registry: " in await one.command("backup", kept, "--region", moving.code)
        await two.stop()
        untouched = await two.documents()
        listed = Path(one.system.process.environment["DATA_DIR"]) / "operator" / "erased.jsonl"
        restored = await two.command("restore", kept, "--erasures", str(listed))
        assert "nobody owns" not in restored
        after = await two.documents()
        assert {id: text for id, text in after.items() if id in untouched} == untouched
        assert not [text for text in after.values() if staying.code in text or o.agency in text]
        await two.start()

        arrived = await users.enter_async_context(two.accounts_of(moving))
        assert without_versions(await shown(arrived, a)) == without_versions(before)
        present = await two.follows(come)
        assert come.restarts == 0
        assert theirs < present.keys()
        assert f"innovation/{a.innovation}" in present
        innovation = await arrived.draft(a.agency, valid_profile(name=LATER), valid_evidence(), YEAR)
        await arrived.submit(innovation, a.agency)
        await eventually(lambda: arrived.scorecard(innovation), lambda card: card["maturity"] is not None)
        await two.command("resync", "registry", "--wait")
        assert (await two.follows(come)).keys() > present.keys()
        assert await mails() == sent

        await held_and_released(two, mailbox, there, arrived)

        assert f"documents of region {moving.code} removed" in await one.command("remove-region", kept)
        rest = await one.documents()
        found = {id for id, text in rest.items() if any(each in text or each in id for each in a.ids)}
        assert {id.partition("/")[0].split()[1] for id in found} <= {
            UNREFERENCED.name,
            *AUDIT_NAMES,
        }
        assert any(o.innovation in text for text in rest.values())
        await one.start()
        remaining = await one.follows(left)
        assert left.restarts == 1
        assert not [each for each in remaining if a.innovation in each or a.agency in each]
        assert f"innovation/{o.innovation}" in remaining
        assert (await moving.operator.raw("GET", f"/registry/v1/regions/{moving.code}")).status_code == 404
        assert await mails() == sent
