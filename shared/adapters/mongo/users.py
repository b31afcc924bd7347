"""The users of MongoDB: each service has one that reads and writes its own database, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from urllib.parse import quote, urlsplit, urlunsplit

from pymongo.errors import OperationFailure

from shared.adapters.mongo.driver import Database, DriverName, MongoConnection, answering
from shared.clock import machine_seconds
from shared.faults import StoreAway

_NOT_AUTHENTICATED = 18
_RETRY = 1.0  # seconds between two tries at a server that is still starting


async def apply_users(
    url: str, admin: str, passwords: Mapping[str, str], *, driver: DriverName = "motor", patience: float = 0.0
) -> list[str]:
    """Make each service's user as it should be, in the database of its name; what was changed, in words. Changes
    nothing that holds already.

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
    done: list[str] = []
    for name, password in passwords.items():
        connection = MongoConnection(_as(url, "admin", admin, name, "admin"), driver)
        try:
            with answering(StoreAway):
                change = await _one(connection.open(), url, name, password, driver)
        finally:
            await connection.close()
        if change is not None:
            done.append(change)
    return done


async def _one(database: Database, url: str, name: str, password: str, driver: DriverName) -> str | None:
    roles = [{"role": "readWrite", "db": name}]
    found = (await database.command("usersInfo", name))["users"]
    if not found:
        await database.command("createUser", name, pwd=password, roles=roles)
        return f"MongoDB user {name}"
    if [{"role": each["role"], "db": each["db"]} for each in found[0]["roles"]] == roles and await _enters(
        url, name, password, driver
    ):
        return None
    await database.command("updateUser", name, pwd=password, roles=roles)
    return f"MongoDB user {name}: its password or rights"


async def _enters(url: str, name: str, password: str, driver: DriverName) -> bool:
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
    place = f"{quote(user, safe='')}:{quote(password, safe='')}@{parts.netloc.rpartition('@')[2]}"
    query = "&".join(part for part in (parts.query, f"authSource={quote(source, safe='')}") if part)
    return urlunsplit((parts.scheme, place, f"/{database}", query, ""))
