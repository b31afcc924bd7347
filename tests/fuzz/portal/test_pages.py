"""Every form and every page of the portal, found by its links, with bad input from each role: no answer is an error of
ours, a refusal says what is wrong and keeps what was typed, an owner is sent one whole command or none.

A page that is new is included by itself; if no link leads to it in the region of `tests.support.portal_forms.world`,
this fails. A normal run takes one role and a sample of forms, which the seed draws; `make soak` takes all, many times.
"""

from __future__ import annotations

import os
import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import services.portal
from shared.auth.policy import Role
from shared.cli.generate import pages
from tests.support.portal.process import PortalProcess
from tests.support.portal_forms.found import Place, Routes
from tests.support.portal_forms.target import Person, Watched
from tests.support.portal_forms.team import Team
from tests.support.portal_forms.world import tell

pytestmark = [pytest.mark.xdist_group("fuzz-portal"), pytest.mark.timeout(900)]

IN_FULL = bool(os.environ.get("SOAK_SECONDS"))
TIMES = int(os.environ.get("FUZZ_TIMES", "12")) if IN_FULL else 1
FORMS, PAGES = (None, None) if IN_FULL else (40, 30)
ROLES = (None, Role.AGENCY, Role.CURATOR, Role.EXECUTIVE, Role.OPERATOR)
ROUTES = Routes(pages())
ELSEWHERE = {
    Role.CURATOR: {"/pengguna/{id}/atur-ulang"},  # offered where the portal sends mail
    None: {"/keluar", "/lupa-sandi"},  # for those who are signed in; where the portal sends mail
}
WHEN_COMPLETE = {"/bahasa"}  # offered as soon as every message is translated
UNSEEN = {
    Role.CURATOR: {
        "/kurator/kantor/peringatan/pesan/{person}/{number}",  # nothing is sent in this region
        "/kurator/kepatuhan/pengingat/{id}",  # whoever sends a reminder is led there
    },
    None: {"/ide/{id}"},  # whoever hands an idea in is led there
}
QUERY = re.compile(r'query_params(?:\.get\(|\.getlist\(|\[)"([\w-]+)"|"([\w-]+)" in request\.query_params')


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[PortalProcess]:
    process = PortalProcess(tmp_path, tell)
    process.start()
    try:
        yield process
    finally:
        process.stop()


@pytest.mark.sampled(1)
@pytest.mark.parametrize("role", ROLES, ids=str)
def test_whatever_is_sent_a_page_answers_it(
    portal: PortalProcess, role: Role | None, request: pytest.FixtureRequest
) -> None:
    seed = f"{request.config.getoption('randomly_seed')}/{role}"
    watched = Watched()
    with watched.watching():
        team = Team(portal, role, ROUTES, watched)
        request.addfinalizer(team.leave)
        assert [each for visit in team.visits for each in visit.found.failed] == []
        assert team.missing("POST") - WHEN_COMPLETE == ELSEWHERE.get(role, set())
        assert team.missing("GET") == UNSEEN.get(role, set())

        broken, cases = _all(team, seed)

    print(f"{role or 'public'}: {cases} cases, seed {seed}")
    assert not broken, "\n".join(broken)


def _all(team: Team, seed: str) -> tuple[list[str], int]:
    """What is wrong, and of how many cases."""
    names = sorted({*_query_names(), *(name for visit in team.visits for name in visit.found.queries)})
    forms: list[tuple[Person, str, list[Place]]] = []
    addresses: list[tuple[Person, str]] = []
    for visit in team.visits:
        forms += [(visit.person, path, places) for path, places in visit.found.forms.items() if path[0] == "/"]
        addresses += [(visit.person, each) for some in visit.found.pages.values() for each in some]
    broken: list[str] = []
    cases = 0
    for turn in range(TIMES):
        dice = random.Random(f"{seed}/{turn}")
        for person, address in dice.sample(addresses, min(PAGES or len(addresses), len(addresses))):
            broken += person.ask(dice, address, names, team.ids)
            cases += 1
        for person, path, places in dice.sample(forms, min(FORMS or len(forms), len(forms))):
            own = random.Random(f"{seed}/{turn}/{path}")
            answers = (person.send(own, place, team.ids) for place in own.sample(places, len(places)))
            found = next((each for each in answers if each is not None), None)
            cases += found is not None
            broken += [f"turn {turn}, {path}: {each}" for each in found or ()]
    return broken, cases


def _query_names() -> set[str]:
    """Names that the pages read from a query."""
    (folder,) = services.portal.__path__
    text = "".join(each.read_text() for each in Path(folder).rglob("*.py"))
    return {one or other for one, other in QUERY.findall(text)}
