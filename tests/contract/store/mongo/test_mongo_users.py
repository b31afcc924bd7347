"""The users that `apply_users` creates in MongoDB."""

from __future__ import annotations

import gc
import secrets
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from shared.adapters.mongo.driver import DriverName
from shared.adapters.mongo.users import apply_users
from shared.faults import StoreAway
from tests.servers.mongo import mongo_server

pytestmark = [
    pytest.mark.mongo,
    pytest.mark.parametrize("driver", ["motor", "pymongo"]),
    # PyMongo's asynchronous client leaks its monitor's socket when it is closed while the monitor connects.
    pytest.mark.filterwarnings("ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"),
]

ROOT = "root/p@ss"


@pytest.fixture(autouse=True)
def collected() -> Iterator[None]:
    """Collects such a socket here and not in another test."""
    yield
    gc.collect()


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server for this module with an administrator."""
    with mongo_server(tmp_path_factory.mktemp("users") / "data") as server:
        with client(server.url) as root:
            root["admin"].command("createUser", "admin", pwd=ROOT, roles=["root"])
        parts = urlsplit(server.url)
        yield f"mongodb://{parts.hostname}:{parts.port}"


@pytest.fixture
def service() -> str:
    """A service name for this test alone."""
    return f"t{secrets.token_hex(4)}"


def client(url: str) -> closing[MongoClient[dict[str, Any]]]:
    return closing(MongoClient[dict[str, Any]](url))


def logs_in(url: str, service: str, password: str) -> bool:
    with client(f"mongodb://{service}:{quote(password, safe='')}@{urlsplit(url).netloc}/{service}") as each:
        try:
            each[service]["probe"].insert_one({"_id": secrets.token_hex(4)})
        except OperationFailure:
            return False
    return True


def roles(url: str, service: str) -> list[dict[str, str]]:
    with client(url) as each:
        (user,) = each[service].command({"usersInfo": service})["users"]
        return [{"role": role["role"], "db": role["db"]} for role in user["roles"]]


async def test_a_service_gets_one_user_with_one_role_on_its_own_database(
    url: str, service: str, driver: DriverName
) -> None:
    made = await apply_users(url, ROOT, {service: "p@ss/word:1"}, driver=driver)

    assert [service in change for change in made] == [True]
    assert roles(url, service) == [{"role": "readWrite", "db": service}]
    assert logs_in(url, service, "p@ss/word:1")
    assert not logs_in(url, service, "another")


async def test_a_second_run_changes_nothing(url: str, service: str, driver: DriverName) -> None:
    await apply_users(url, ROOT, {service: "p@ss/word:1"}, driver=driver)

    assert not await apply_users(url, ROOT, {service: "p@ss/word:1"}, driver=driver)


async def test_a_changed_password_is_set(url: str, service: str, driver: DriverName) -> None:
    await apply_users(url, ROOT, {service: "first"}, driver=driver)

    changes = await apply_users(url, ROOT, {service: "second"}, driver=driver)

    assert len(changes) == 1
    assert logs_in(url, service, "second")
    assert not logs_in(url, service, "first")


async def test_widened_roles_are_narrowed_again(url: str, service: str, driver: DriverName) -> None:
    await apply_users(url, ROOT, {service: "p"}, driver=driver)
    wide = [{"role": "readWrite", "db": service}, {"role": "read", "db": "elsewhere"}]
    with client(url) as each:
        each[service].command({"updateUser": service, "roles": wide})

    assert len(await apply_users(url, ROOT, {service: "p"}, driver=driver)) == 1

    assert roles(url, service) == [{"role": "readWrite", "db": service}]


async def test_the_error_for_a_wrong_administrator_hides_the_password(
    url: str, service: str, driver: DriverName
) -> None:
    with pytest.raises(StoreAway) as caught:
        await apply_users(url, "guessed-wrong", {service: "p"}, driver=driver)

    assert "guessed-wrong" not in str(caught.value)


async def test_a_server_that_does_not_answer_raises_store_away(driver: DriverName, tmp_path: Path) -> None:
    with pytest.raises(StoreAway):
        await apply_users("mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=200", ROOT, {"any": "p"}, driver=driver)
