"""The pages of each role, as the table of routes has them, with what the sample region has in their parameters."""

from __future__ import annotations

import re

from services.portal.continuation.groups import GROUPS
from shared.auth.policy import Role
from shared.cli.generate import pages
from tests.support.portal.told import Told

ROLES = (None, Role.AGENCY, Role.CURATOR, Role.EXECUTIVE, Role.OPERATOR)
FILES = re.compile(r"\.(csv|json|xlsx|pdf|zip|txt|xml|svg)$|/berkas/|/unduh|/kode-qr|/ekspor|/ringkas$|/temuan$")
"""Paths that answer with a file, or with a part of a page, instead of a page."""

APART = re.compile(r"^/kurator/inovasi/[^/]+/bukti(/\d+)?$")
"""Pages in a frame or another tab: no link puts them into the page that has it, and they have no skip link."""


def paths(role: Role | None, told: Told) -> list[str]:
    """The pages that only this role has (those for everybody are the public's), with what the sample has in the place
    of parameters; without those that have other parameters."""
    values = {
        "id": told.innovations["Spirit"] if role is None else told.innovations["Halobupwabup"],
        "agency": told.agencies["setda"],
        "year": str(told.year),
        "region": told.code,
        "code": told.code,
        "row": "16",
        "step": "profil",
        "competition": told.competition,
        "series": told.competition,
        "number": "1",
        "idea": told.idea,
    }
    found: list[str] = []
    for route in pages():
        ours = Role.PUBLIC in route.roles if role is None else role in route.roles and Role.PUBLIC not in route.roles
        wanted = re.findall(r"{(\w+)", route.path)
        known = set(wanted) <= {*values, "group"}
        if ours and "GET" in route.methods and not FILES.search(route.path) and known:
            path = re.sub(r"{(\w+)[^}]*}", lambda match: values.get(match[1], match[0]), route.path)
            found.extend(path.replace("{group}", each) for each in (GROUPS if "group" in wanted else ("",)))
    return found
