"""What a process answers outside the routes of its services, and to odd paths."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from shared.runtime.process import running
from shared.settings import load

SERVICES = ("registry", "scoring", "notifications")


@pytest.fixture
async def web(tmp_path: Path) -> AsyncIterator[httpx2.AsyncClient]:
    async with (
        running(load({}, data_dir=tmp_path, port=0)) as process,
        httpx2.AsyncClient(base_url=process.url, trust_env=False) as client,
    ):
        yield client


async def test_a_path_with_odd_characters_is_answered_with_a_problem_document_like_any_other(
    web: httpx2.AsyncClient,
) -> None:
    odd = [
        "%0A",
        "x%0Ay",
        "%0D%0A",
        "%00",
        "%7F",
        "%E2%80%A8",
        "%FF%FE",
        "..%2F..%2Fetc",
        "%5C",
        "a b",
        ";",
        "%25",
    ]
    bases = [
        "/",
        "/health/",
        *(f"/{name}/v1/" for name in SERVICES),
        "/registry/v1/regions/",
        "/scoring/v1/scorecards/",
    ]
    for base in bases:
        for end in odd:
            answer = await web.get(base + end)

            assert answer.status_code in (401, 404, 422), (base, end, answer.text)
            assert answer.headers["content-type"] == "application/problem+json", (base, end)
            assert answer.json()["status"] == answer.status_code
            assert answer.headers["x-correlation-id"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"])
async def test_an_unknown_method_is_a_problem_document(web: httpx2.AsyncClient, method: str) -> None:
    for path in ("/", "/health/live", "/health/ready", "/registry/v1/openapi.json", "/scoring/v1/catalogues"):
        answer = await web.request(method, path)

        assert (answer.status_code, answer.headers["content-type"]) == (405, "application/problem+json"), path


async def test_the_first_page_is_the_portals_without_the_demo_and_every_service_documents_itself(
    web: httpx2.AsyncClient,
) -> None:
    answer = await web.get("/")

    assert answer.status_code == 200
    assert "Satu Perangkat Daerah, Satu Inovasi" in answer.text
    assert "peragaan" not in answer.text.lower()
    for name in SERVICES:
        assert (await web.get(f"/{name}/v1/docs")).status_code == 200
        document = (await web.get(f"/{name}/v1/openapi.json")).json()
        assert document["servers"] == [{"url": f"/{name}/v1"}]


async def test_an_idempotency_key_with_inner_spaces_is_documented_and_accepted(web: httpx2.AsyncClient) -> None:
    document = (await web.get("/registry/v1/openapi.json")).json()
    patterns = {
        parameter["schema"]["pattern"]
        for path in document["paths"].values()
        for operation in path.values()
        for parameter in operation.get("parameters", [])
        if parameter["name"] == "Idempotency-Key"
    }

    assert patterns == {r"^[!-~]([ -~]{0,198}[!-~])?$"}
