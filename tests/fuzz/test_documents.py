"""Fuzzes every operation of the OpenAPI documents over HTTP, as every role and without a token. Every answer must be
documented and no 5xx; a normal run takes half of them for each role; afterwards nothing may be queued or parked."""

from __future__ import annotations

import os
import random
import re
from typing import Any

import httpx2
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from shared.runtime.installed import installed
from tests.fuzz.conftest import ROLES, Target

EACH = 25 if os.environ.get("SOAK_SECONDS") else 2  # cases of one operation for a role that may call it
CHECKS = [
    schemathesis.checks.not_a_server_error,
    schemathesis.checks.status_code_conformance,
    schemathesis.checks.content_type_conformance,
    schemathesis.checks.response_schema_conformance,
]

pytestmark = [pytest.mark.xdist_group("fuzz"), pytest.mark.timeout(600 if EACH > 10 else 180)]


@pytest.mark.parametrize("service", installed())
@pytest.mark.parametrize("role", ROLES)
def test_every_answer_is_documented(target: Target, service: str, role: str) -> None:
    base = f"{target.url}/{service}/v1"
    document = httpx2.get(f"{base}/openapi.json", trust_env=False).json() | {"servers": [{"url": base}]}
    operations = [result.ok() for result in schemathesis.openapi.from_dict(document).get_all_operations()]
    operations = [each for each in operations if "text/event-stream" not in str(each.definition.raw["responses"])]
    number = random.randrange(2**32)  # seeded by pytest-randomly
    if not os.environ.get("SOAK_SECONDS"):
        operations = random.sample(operations, (len(operations) + 1) // 2)
    print(f"seed {number}, {len(operations)} operations")
    with requests.Session() as session:
        session.trust_env = False
        if role in target.tokens:
            session.headers["Authorization"] = f"Bearer {target.tokens[role]}"
        for operation in operations:
            allowed = (role if role in target.tokens else "public") in operation.definition.raw["x-roles"]
            cases = st.tuples(
                st.one_of(
                    operation.as_strategy(),
                    operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE),
                ),
                st.booleans(),
            )

            @given(cases)
            @seed(number)
            @settings(
                max_examples=EACH if allowed else 1,
                deadline=None,
                database=None,
                phases=[Phase.explicit, Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            def check(drawn: tuple[schemathesis.Case, bool]) -> None:
                case, use_existing = drawn
                if use_existing:
                    use_existing_ids(case, document, target, session, base)
                if str((case.query or {}).get("wait", "")).isdecimal():
                    case.query["wait"] = 0
                response = case.call(base_url=base, session=session, timeout=30)
                case.validate_response(response, checks=CHECKS)

            check()
    target.at_rest()


def use_existing_ids(
    case: schemathesis.Case, document: dict[str, Any], target: Target, session: requests.Session, base: str
) -> None:
    """Replace the case's path parameters by existing ids, and If-Match by the current ETag."""
    collection = case.operation.path.split("/")[1]
    for name in case.path_parameters or {}:
        known = target.known.get(f"{collection} {name}") or target.known.get(name)
        if known is not None:
            case.path_parameters[name] = known
    if "If-Match" not in (case.headers or {}):
        return
    path = case.operation.path
    while path:
        if "get" in document["paths"].get(path, {}):
            existing = re.sub(r"\{(\w+)\}", lambda found: str(case.path_parameters[found[1]]), path)
            tag = session.get(f"{base}{existing}", timeout=30).headers.get("ETag")
            if tag is not None:
                case.headers["If-Match"] = tag
                return
        path = path.rpartition("/")[0]
