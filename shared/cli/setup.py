"""`satu setup`: registers a regional government and invites its first curator, over HTTP, with the operator's key.

Whatever is there already stays, so the command may be repeated.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Annotated

import httpx2
import typer

from shared.auth import keys
from shared.auth.policy import Role
from shared.cli.console import do, say, settings_for_command
from shared.cli.service_client import ACCOUNT, Refused, ServiceClient
from shared.contracts.vocabulary import AgencyKind, Zone
from shared.faults import Flaw, Invalid

_LASTS = timedelta(minutes=10)
_REGIONS, _CATALOGUES, _INVITATIONS = "/registry/v1/regions", "/scoring/v1/catalogues", "/portal/v1/invitations"
OBLIGED = (AgencyKind.SEKRETARIAT, AgencyKind.INSPEKTORAT, AgencyKind.DINAS, AgencyKind.BADAN, AgencyKind.KECAMATAN)
"""The agencies of a regency or city (UU 23/2014 ps. 209), each of which owes one innovation a year until the curator
sets another policy."""


class ZoneOption(StrEnum):
    """The zones of Indonesia."""

    WIB = "WIB"
    WITA = "WITA"
    WIT = "WIT"


_ZONES: Mapping[ZoneOption, Zone] = {
    ZoneOption.WIB: Zone.WIB,
    ZoneOption.WITA: Zone.WITA,
    ZoneOption.WIT: Zone.WIT,
}


def commands(app: typer.Typer) -> None:
    """Add `setup`."""

    @app.command()
    def setup(
        *,
        region: Annotated[
            str,
            typer.Option(prompt="Kode daerah (Kemendagri, misalnya 61.12)", help="Kemendagri's code of the region."),
        ],
        name: Annotated[
            str, typer.Option(prompt="Nama daerah (misalnya Kabupaten Kubu Raya)", help="The region's official name.")
        ],
        zone: Annotated[ZoneOption, typer.Option(prompt="Zona waktu", help="The region's zone.")],
        curator: Annotated[str, typer.Option(prompt="Nama kurator pertama", help="The first curator's name.")],
        email: Annotated[
            str, typer.Option(prompt="Alamat surel kurator", help="The address with which the curator signs in.")
        ],
        url: Annotated[str | None, typer.Option(help="The address of the services; by default this machine's.")] = None,
    ) -> None:
        """Register a region, invite its first curator and print the invitation's link. Asks for what is not given."""
        settings = settings_for_command()
        token = keys.issue(settings.root, keys.Grant(ACCOUNT, Role.OPERATOR), _LASTS)
        client = ServiceClient(url or f"http://127.0.0.1:{settings.port}", token)
        do(_set_up(client, region.strip(), name.strip(), _ZONES[zone], (curator.strip(), email.strip())))


async def _set_up(client: ServiceClient, region: str, name: str, zone: Zone, curator: tuple[str, str]) -> None:
    async with client:
        await _register(client, region, name, zone)
        await _invite(client, region, *curator)


async def _register(client: ServiceClient, region: str, name: str, zone: Zone) -> None:
    there = await client.every(_REGIONS)
    found = next((each for each in there if each["code"] == region), None)
    if found is not None:
        say(f"{found['name']} ({region}) sudah terdaftar; tidak diubah")
        return
    body = {
        "code": region,
        "name": name,
        "zone": zone.value,
        "catalogue": await _newest_catalogue(client),
        "policy": {"obliged_kinds": [each.value for each in OBLIGED]},
    }
    with_fields = {"code": "--region", "name": "--name"}
    await _sent(lambda: client.send("POST", _REGIONS, json=body), with_fields)
    kinds = ", ".join(OBLIGED)
    say(f"{name} ({region}) terdaftar; wajib satu inovasi setahun: {kinds}. Kurator dapat mengubahnya di portal.")


async def _newest_catalogue(client: ServiceClient) -> str:
    """The newest catalogue of indicators that scoring has. Raises Invalid when it has none."""
    found = (await client.get(_CATALOGUES))["items"]  # the newest first
    if not found:
        raise Invalid([Flaw("catalogue", "missing", "scoring has no catalogue of indicators")])
    return str(found[0]["name"])


async def _invite(client: ServiceClient, region: str, name: str, email: str) -> None:
    body = {"name": name, "email": email, "role": Role.CURATOR.value, "region": region}
    headers = {"Idempotency-Key": f"setup {region} {name} {email}"[:200].encode("ascii", "replace").decode()}
    with_fields = {"name": "--curator", "email": "--email", "region": "--region"}
    made = (await _sent(lambda: client.send("POST", _INVITATIONS, json=body, headers=headers), with_fields)).json()
    if made["link"]:
        say("undangan kurator (berlaku 7 hari, sekali pakai); bukalah, atau serahkan kepada orangnya:")
        say(made["link"])
    elif made["status"] == "open":
        say(f"undangan kurator dikirim ke {email}")
    else:
        raise Refused("undangan ini sudah diterima atau dibatalkan; buat yang baru: satu portal account invite")


async def _sent(send: Callable[[], Awaitable[httpx2.Response]], options: Mapping[str, str]) -> httpx2.Response:
    """The answer. Flaws name the option instead of the field."""
    try:
        return await send()
    except Invalid as fault:
        flaws = [Flaw(options.get(each.field, each.field), each.code, each.message) for each in fault.flaws]
        raise Invalid(flaws) from fault
