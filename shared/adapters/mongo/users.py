"""Creates the MongoDB users: one per service, which reads and writes its own database and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from urllib.parse import quote, urlsplit, urlunsplit

from pymongo.errors import OperationFailure

from shared.adapters.mongo.driver import Database, DriverName, MongoConnection
from shared.adapters.mongo.errors import driver_errors_as
from shared.clock import machine_seconds
from shared.faults import StoreAway

_NOT_AUTHENTICATED = 18
_RETRY = 1.0  # seconds between two attempts at a server that is starting


async def apply_users(
    url: str, admin: str, passwords: Mapping[str, str], *, driver: DriverName = "motor", patience: float = 0.0
) -> list[str]:
    """Create or correct each service's user in the database of its name; returns a sentence for each change, none when
    all are correct already.

    url: of the server, without a database (`mongodb://mongo:27017`); admin: the password of its user `admin`;
    passwords: by service; patience: seconds to wait for a server that is starting. Raises StoreAway.
    """
    until = machine_seconds() + patience
    while True:
        try:
            return await _apply(url, admin, passwords, driver)
        except StoreAway:
            if machine_seconds() >= until:
                raise
            await asyncio.sleep(_RETRY)


async def _apply(url: str, admin: str, passwords: Mapping[str, str], driver: DriverName) -> list[str]:
    changes: list[str] = []
    for name, password in passwords.items():
        connection = MongoConnection(_as(url, "admin", admin, name, "admin"), driver)
        try:
            with driver_errors_as(StoreAway):
                change = await _apply_one(connection.open(), url, name, password, driver)
        finally:
            await connection.close()
        if change is not None:
            changes.append(change)
    return changes


async def _apply_one(database: Database, url: str, name: str, password: str, driver: DriverName) -> str | None:
    roles = [{"role": "readWrite", "db": name}]
    found = (await database.command("usersInfo", name))["users"]
    if not found:
        await database.command("createUser", name, pwd=password, roles=roles)
        return f"MongoDB user {name}"
    if [{"role": each["role"], "db": each["db"]} for each in found[0]["roles"]] == roles and await _can_log_in(
        url, name, password, driver
    ):
        return None
    await database.command("updateUser", name, pwd=password, roles=roles)
    return f"MongoDB user {name}: its password or rights"


async def _can_log_in(url: str, name: str, password: str, driver: DriverName) -> bool:
    connection = MongoConnection(_as(url, name, password, name, name), driver)
    try:
        await connection.open().command("ping")
    except OperationFailure as error:
        if error.code == _NOT_AUTHENTICATED:
            return False
        raise
    finally:
        await connection.close()
    return True


def _as(url: str, user: str, password: str, database: str, source: str) -> str:
    """The server's URL for this user and database."""
    parts = urlsplit(url)
    authority = f"{quote(user, safe='')}:{quote(password, safe='')}@{parts.netloc.rpartition('@')[2]}"
    query = "&".join(part for part in (parts.query, f"authSource={quote(source, safe='')}") if part)
    return urlunsplit((parts.scheme, authority, f"/{database}", query, ""))
