"""Rankings, competitions and exports, fuzzed by the OpenAPI document: no 5xx and no answer that is not documented."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
import schemathesis
from anyio.from_thread import BlockingPortal, start_blocking_portal
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from requests import Request

from tests.contract.scoring_hall import Hall, furnish, opened

EACH = 4  # cases of one operation for one account: few, for they come again on every run
JUDGES = [
    schemathesis.checks.not_a_server_error,
    schemathesis.checks.status_code_conformance,
    schemathesis.checks.content_type_conformance,
    schemathesis.checks.response_schema_conformance,
]
MINE = ("/rankings", "/competitions", "/exports")


@asynccontextmanager
async def _furnished(folder: Path) -> AsyncIterator[Hall]:
    async with opened(folder) as hall:
        await furnish(hall)
        yield hall


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Hall, BlockingPortal]]:
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(_furnished(tmp_path_factory.mktemp("fuzz"))) as hall,
    ):
        yield hall, portal


def _answer(hall: Hall, portal: BlockingPortal, case: schemathesis.Case, token: str | None) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    asked = case.as_transport_kwargs(base_url="http://test", headers=headers)
    ready = Request(**{name: value for name, value in asked.items() if name != "cookies"}).prepare()
    plain = {name: value if isinstance(value, bytes) else value.encode() for name, value in ready.headers.items()}
    request = hall.client.build_request(ready.method or "GET", ready.url or "", headers=plain, content=ready.body)
    return portal.call(hall.client.send, request)


@pytest.mark.parametrize("token", ["curator", None])
def test_every_answer_to_anything_is_documented(fuzzed: tuple[Hall, BlockingPortal], token: str | None) -> None:
    hall, portal = fuzzed
    document = hall.app.openapi() | {"servers": [{"url": "http://test"}]}
    schema = schemathesis.openapi.from_dict(document)
    operations = [result.ok() for result in schema.get_all_operations()]
    mine = [each for each in operations if each.path.startswith(MINE)]
    assert len(mine) >= 16

    for operation in mine:
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
            case.validate_response(_answer(hall, portal, case, token), checks=JUDGES)

        answered()
