"""`/opd/inovasi/{id}/skor`: the score row by row, what to add next for how many points, and the way to a target."""

from __future__ import annotations

from decimal import Decimal

from starlette.requests import Request
from starlette.responses import Response

from services.portal.agency.desk import Desk
from services.portal.agency.innovation.detail import Innovation
from services.portal.agency.score.asking import Score, score_of
from services.portal.answered.answered import Answered
from services.portal.owners.answers import OwnerAway, OwnerProblem
from services.portal.pages.forms import Errors, Form
from services.portal.pages.language import _
from services.portal.pages.reading import decimal_of
from services.portal.pages.session import SignedIn, signed_in
from shared.auth.policy import Role
from shared.contracts.contract import json_number
from shared.web.routes import Routes, get


class Climb(Answered):
    """Steps in one row. gain: points."""

    row: str
    name: str
    level: int
    to: int
    gain: Decimal


class Path(Answered):
    """The fewest steps to a target."""

    lacking: Decimal
    reachable: bool
    steps: int
    climbs: tuple[Climb, ...] = ()
    reached_maturity: Decimal | None = None


class ScorePages(Routes):
    """The score, in full and in brief."""

    prefix = "/opd/inovasi/{id}/skor"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @get("", Role.AGENCY)
    async def score(self, request: Request, id: str) -> Response:
        """Row by row. `?target=`: the fewest steps to so many points, of what was submitted."""
        desk, session = self._desk, signed_in(request)
        innovation = await desk.innovation(session, id).read()
        score = await score_of(desk, session, innovation)
        target, errors = request.query_params.get("target", ""), Errors()
        way = await self._path(session, innovation, score, target, errors) if target else None
        return await desk.pages(
            request,
            "agency/score.html",
            innovation=innovation,
            score=score,
            target=target,
            way=way,
            errors=errors,
        )

    @get("/ringkas", Role.AGENCY)
    async def brief(self, request: Request, id: str) -> Response:
        """The part of a page with the points, which asks again while the score is on its way."""
        desk, session = self._desk, signed_in(request)
        innovation = await desk.innovation(session, id).read()
        turn = request.query_params.get("turn", "")
        return await desk.pages(
            request,
            "agency/parts/score_brief.html",
            innovation=innovation,
            score=await score_of(desk, session, innovation),
            turn=int(turn) if turn.isdecimal() and len(turn) < 4 else 0,  # noqa: PLR2004 - digits
        )

    async def _path(
        self, session: SignedIn, innovation: Innovation, score: Score, target: str, errors: Errors
    ) -> Path | None:
        if score.trial or score.card is None or score.card.maturity is None:
            return None
        try:
            wanted = decimal_of(Form([("target", target)]), "target")
        except ValueError as wrong:
            errors["target"] = str(wrong).capitalize() + "."
            return None
        most = score.card.maturity.of
        if wanted is None or not 0 <= wanted <= most:
            errors["target"] = _("Isi angka dari 0 sampai %(most)s.") % {"most": most}
            return None
        question = {
            "region": innovation.region,
            "year": int(score.card.catalogue.name.partition(".")[0]) if score.card.catalogue else innovation.year,
            "target": {"innovation": innovation.id, "maturity": json_number(wanted)},
        }
        try:
            answer = await self._desk.owners.scoring(session).post("/what-if", question)
        except (OwnerAway, OwnerProblem):
            errors["target"] = _("Perhitungan sedang tidak tersedia. Coba lagi sebentar lagi.")
            return None
        return Path.model_validate(answer.body["path"])
