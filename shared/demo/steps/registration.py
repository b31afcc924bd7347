"""The region, its deadline and its agencies are registered; contacts are imported."""

from __future__ import annotations

import csv
import io

from shared import indonesian
from shared.demo.context import ScenarioContext

_COLUMNS = (
    "nama",
    "perangkat_daerah",
    "peran",
    "email",
    "telepon",
    "telepon_kantor",
    "saluran",
    "setuju_whatsapp",
)


async def register(context: ScenarioContext) -> None:
    """The operator registers the region; the curator sets the deadline and registers the agencies."""
    sample, region = context.sample, context.sample.region
    body = {name: getattr(region, name) for name in ("code", "name", "zone", "catalogue", "policy")}
    await context.operator.create("/registry/v1/regions", body, f"region {region.code}")
    place = f"/registry/v1/regions/{region.code}"
    await context.curator.change("POST", f"{place}/deadlines", region.deadline.model_dump(mode="json"), place)
    last_day = indonesian.day(region.deadline.date)
    context.say(f"{region.name} terdaftar; tenggat kewajiban {region.deadline.year}: {last_day}")
    for agency in sample.agencies:
        entry = {"region": region.code, "name": agency.name, "kind": agency.kind}
        made = await context.curator.create("/registry/v1/agencies", entry, f"agency {agency.key}")
        context.result.agencies[agency.key] = made["id"]
    context.say(f"{len(context.result.agencies)} perangkat daerah terdaftar")
    expected = len(sample.agencies)
    context.result.expect(len(context.result.agencies) == expected, "every agency is registered")
    duties = await context.duties(lambda duties: len(duties) == expected)
    context.result.expect(len(duties) == expected, f"{expected} obligations exist, {len(duties)} do")


async def enter_contacts(context: ScenarioContext) -> None:
    """The curator names the office and imports the contacts: officers, a head, the curator and the Sekda."""
    sample, region = context.sample, context.region
    await context.curator.put(f"/notifications/v1/office/{region}", sample.region.office.model_dump())
    table = io.StringIO()
    writer = csv.DictWriter(table, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    for contact in sample.contacts:
        writer.writerow(
            {
                "nama": contact.name,
                "perangkat_daerah": context.result.agencies.get(contact.key, ""),
                "peran": contact.role,
                "email": contact.email,
                "telepon": contact.phone,
                "telepon_kantor": contact.landline,
                "saluran": contact.channel,
                "setuju_whatsapp": "ya" if contact.phone else "",
            }
        )
    made = await context.curator.send_csv("/notifications/v1/contacts/import", table.getvalue(), region=region)
    expected = len(sample.contacts)
    context.result.expect(made["created"] == expected, f"{expected} contacts are created, {made['created']} are")
    mobile = sum(1 for each in sample.contacts if each.address.startswith("+"))
    context.say(f"{expected} kontak diimpor, {mobile} di antaranya lewat WhatsApp, satu hanya telepon kantor")
