"""Sets up the broker and the database with an administrator's account. Beside `engines`, the only user of adapters.

An adapter is imported in the function that uses it: its client library is slow to import.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

from shared.contracts.topology import Topology
from shared.faults import Flaw, Misconfigured
from shared.settings import Settings, variable

if TYPE_CHECKING:
    from shared.adapters.rabbit.management import Management
    from shared.ports.subscribers import Subscribers


class ServerReport(NamedTuple):
    """changes: what was changed, or would be; faults: what a person must solve. A sentence each."""

    changes: tuple[str, ...]
    faults: tuple[str, ...] = ()


async def apply_to_broker(url: str, wanted: Topology, passwords: Mapping[str, str], *, patience: float) -> ServerReport:
    """Make the broker as `wanted`. url: of its management API; passwords: by the users of `wanted`; patience: seconds
    to wait for a broker that is still starting. Raises Misconfigured, BusAway."""
    from shared.adapters.rabbit.provision import apply  # noqa: PLC0415 - see above

    report = await apply(_management(url), wanted, passwords, patience=patience)
    return ServerReport(report.changes, report.faults)


async def check_broker(
    url: str, wanted: Topology, passwords: Mapping[str, str] | None, *, patience: float
) -> ServerReport:
    """What `apply_to_broker` would change. passwords: None leaves them unchecked. Raises Misconfigured, BusAway."""
    from shared.adapters.rabbit.provision import check  # noqa: PLC0415 - see above

    report = await check(_management(url), wanted, passwords, patience=patience)
    return ServerReport(report.changes, report.faults)


def subscribers_of(url: str) -> Subscribers:
    """The other systems that read from queues of the broker. url: of its management API. Raises Misconfigured."""
    from shared.adapters.rabbit.subscribers import RabbitSubscribers  # noqa: PLC0415 - see above

    return RabbitSubscribers(_management(url))


async def apply_to_database(
    url: str, passwords: Mapping[str, str], settings: Settings, *, patience: float
) -> ServerReport:
    """Make the services' users of MongoDB as they should be. url: of the server; passwords: by service, and that of
    its user `admin`. Raises StoreAway."""
    from shared.adapters.mongo.users import apply_users  # noqa: PLC0415 - see above

    services = {name: password for name, password in passwords.items() if name != "admin"}
    driver = settings.mongo_driver
    return ServerReport(tuple(await apply_users(url, passwords["admin"], services, driver=driver, patience=patience)))


def secrets_folder() -> Path:
    """The folder of the secret files. Raises Misconfigured when SECRETS_DIR is not set."""
    folder = variable("SECRETS_DIR")
    if not folder:
        raise Misconfigured([Flaw("SECRETS_DIR", "missing", "the folder of the secret files; `make secrets` makes it")])
    return Path(folder)


def read_secrets(folder: Path, names: Iterable[str], *, prefix: str) -> dict[str, str]:
    """The passwords in the files `<folder>/<prefix><name>`, without line ends, by name; prefix: `rabbitmq_` or
    `mongodb_`. Raises Misconfigured with a flaw for each file that is missing or empty."""
    found: dict[str, str] = {}
    flaws: list[Flaw] = []
    for name in names:
        file = folder / f"{prefix}{name}"
        try:
            found[name] = file.read_text().strip()
        except OSError as error:
            flaws.append(
                Flaw(str(file), "secret-missing", f"cannot be read: {error.strerror}; `make secrets` makes it")
            )
            continue
        if not found[name]:
            flaws.append(Flaw(str(file), "secret-empty", "is empty; `make secrets` makes it"))
    if flaws:
        raise Misconfigured(flaws)
    return found


def _management(url: str) -> Management:
    from shared.adapters.rabbit.management import Management  # noqa: PLC0415 - see above

    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Misconfigured([Flaw("RABBITMQ_MANAGEMENT_URL", "malformed", "must be http://host:port")])
    password = unquote(parts.password) if parts.password else ""
    if not password:
        password = read_secrets(secrets_folder(), ("admin",), prefix="rabbitmq_")["admin"]
    place = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    return Management(place, unquote(parts.username or "admin"), password)
