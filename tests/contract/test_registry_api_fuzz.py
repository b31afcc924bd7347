"""The registry's OpenAPI document, fuzzed: whatever comes, no 5xx and no answer that is not documented."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import schemathesis
from anyio.from_thread import BlockingPortal, start_blocking_portal
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from requests import Request

from tests.unit.registry.house import House, opened

EACH = 4  # cases of one operation for one account: few, for they come again on every run
JUDGES = [
    schemathesis.checks.not_a_server_error,
    schemathesis.checks.status_code_conformance,
    schemathesis.checks.content_type_conformance,
    schemathesis.checks.response_schema_conformance,
]


@dataclass
class Fuzzed:
    """A house with something in it, and its agency."""

    house: House
    portal: BlockingPortal
    agency: str

    def answer(self, case: schemathesis.Case, token: str | None) -> httpx.Response:
        """What the case is answered."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        asked = case.as_transport_kwargs(base_url="http://test", headers=headers)
        ready = Request(**{name: value for name, value in asked.items() if name != "cookies"}).prepare()
        plain = {name: value if isinstance(value, bytes) else value.encode() for name, value in ready.headers.items()}
        request = self.house.client.build_request(
            ready.method or "GET", ready.url or "", headers=plain, content=ready.body
        )
        return self.portal.call(self.house.client.send, request)


@asynccontextmanager
async def _furnished(folder: Path) -> AsyncIterator[tuple[House, str]]:
    async with opened(folder) as house:
        await house.region()
        agency = await house.agency()
        await house.draft(agency, "one")
        await house.submitted(agency, "two")
        yield house, agency


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fuzzed]:
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(_furnished(tmp_path_factory.mktemp("fuzz"))) as (house, agency),
    ):
        yield Fuzzed(house, portal, agency)


@pytest.mark.parametrize("role", ["operator", "curator", "agency", "nobody"])
def test_every_answer_to_anything_is_documented(fuzzed: Fuzzed, role: str) -> None:
    token = {"agency": f"agency:{fuzzed.agency}", "nobody": None}.get(role, role)
    document = fuzzed.house.app.openapi() | {"servers": [{"url": "http://test"}]}
    schema = schemathesis.openapi.from_dict(document)
    operations = [result.ok() for result in schema.get_all_operations()]
    assert len(operations) > 20

    for operation in operations:
        cases = st.one_of(
            operation.as_strategy(),
            operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE),
        )

        @given(cases)
        @settings(
            max_examples=EACH,
            deadline=None,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def answered(case: schemathesis.Case) -> None:
            case.validate_response(fuzzed.answer(case, token), checks=JUDGES)

        answered()
