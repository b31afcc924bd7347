"""The two pairs of engines of the feed's fault tests."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.support.faults.pair import pair

PAIRS = ["embedded", pytest.param("distributed", marks=[pytest.mark.rabbit, pytest.mark.mongo])]


@pytest.fixture(params=PAIRS)
def engines(request: pytest.FixtureRequest) -> Mapping[str, str]:
    """The environment of a process on SQLite, or on RabbitMQ and MongoDB."""
    if request.param == "embedded":
        return {}
    return pair(request.getfixturevalue("vhost"), request.getfixturevalue("mongo_url"))
