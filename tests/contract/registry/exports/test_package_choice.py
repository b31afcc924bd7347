"""Which innovations a package takes, on both engines."""

from __future__ import annotations

from services.registry.agencies.agency import Agency
from services.registry.evidence.evidence import Evidence
from services.registry.exports.package.choice import Choice, Scope, choose
from services.registry.kinds import AGENCY, INNOVATION
from services.registry.regions.region import NewRegion, register
from shared.clock import Clock
from shared.contracts.vocabulary import AgencyKind, InnovationStatus
from shared.observability.tracing import of_request, origin
from shared.storage.models import replaced
from tests.support.exports.package_samples import keep, verified, write
from tests.support.registry_service import REGION, TERMS
from tests.support.store_engines import Engine


async def test_innovations_are_numbered_by_agency_and_name_and_only_those_of_the_region_the_state_and_the_age(
    either: Engine,
) -> None:
    store = await either.open(AGENCY, INNOVATION)
    for id, name in (("b", "Dinas Sosial"), ("a", "dinas kesehatan")):
        agency = Agency(id=id, region=REGION, name=name, kind=AgencyKind.DINAS, key=name.casefold(), created_by_body="")
        await keep(store, AGENCY.name, id, agency)
    rows = {"16": Evidence(level=1)}
    await write(store, verified("1", "b", rows, name="Adu KPM"))
    await write(store, verified("2", "a", rows, name="satrya"))
    await write(store, verified("3", "a", rows, name="Gestur"))
    await write(store, verified("4", "a", rows, name="Lama", trial_on=None, applied_on="2023-12-31"))
    await write(store, verified("5", "a", rows, region="61.71"))
    await write(store, replaced(verified("6", "b", rows, name="Baru"), status=InnovationStatus.SUBMITTED, year=2025))
    with of_request(None, None):
        region = register(NewRegion(code=REGION, **TERMS), "", "test", origin(Clock()))[0]

    chosen = await choose(store, Choice(region, 2026))
    wider = await choose(store, Choice(region, 2026, Scope.SUBMITTED))
    of_2025 = await choose(store, Choice(region, 2026, Scope.SUBMITTED, 2025))
    of_2027 = await choose(store, Choice(region, 2027))

    assert [(each.number, each.id, each.agency) for each in chosen.taken] == [
        (1, "3", "dinas kesehatan"),
        (2, "2", "dinas kesehatan"),
        (3, "1", "Dinas Sosial"),
    ]
    assert chosen.left_out == ("4",)
    assert [each.id for each in wider.taken] == ["3", "2", "1", "6"]
    assert [each.id for each in of_2025.taken] == ["6"]
    assert ([each.id for each in of_2027.taken], of_2027.left_out) == (["3", "2", "1"], ("4",))
