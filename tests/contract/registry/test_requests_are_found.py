"""Open requests to withdraw are found by their region, on both engines."""

from __future__ import annotations

from services.registry.innovation import withdrawal
from services.registry.innovation.innovation import Innovation
from services.registry.kinds import INNOVATION, KINDS
from shared.storage.repository import Repository
from tests.support.registry_states import AGENCY, CURATOR, JULY, a_draft, verified
from tests.support.store_engines import Engine


async def test_open_requests_are_found_by_their_region(either: Engine) -> None:
    innovations = Repository(await either.open(*KINDS), INNOVATION, Innovation, "")
    asked = withdrawal.ask(verified(), "Berhenti.", AGENCY, JULY)
    assert asked is not None
    declined, _ = withdrawal.decline(asked[0], "Masih dipakai.", CURATOR, JULY)
    for id, made in (("asked", asked[0]), ("declined", declined), ("draft", a_draft()), ("verified", verified())):
        await innovations.create(id, made.model_copy(update={"id": id}))

    async def found() -> list[str]:
        page = await innovations.list({"withdrawal.region": "61.12"}, limit=10, after=None)
        return [each.id for each in page.items]

    assert await found() == ["asked"]
    await innovations.amend("asked", None, lambda it: withdrawal.take_back(it, AGENCY, JULY))
    assert await found() == []
