"""The routes below `/commitments`: the signed Perjanjian Inovasi by agency and year."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Self

from fastapi import Body, Query, Request, Response
from pydantic import BaseModel, ConfigDict

from services.registry.api.continuation.examples import COMMITMENT, COMMITMENT_TERMS
from services.registry.api.examples import REDACTION
from services.registry.api.files import FILE_ANSWER, download, upload
from services.registry.api.parameters import IdInPath, YearInPath
from services.registry.continuation.commitment import Commitment, CommitmentTerms, NewCommitment
from services.registry.continuation.commitments import Commitments
from services.registry.continuation.proofs import PROOF
from services.registry.evidence.attachment import Attachment
from services.registry.files.redaction import NewRedaction, Redaction
from services.registry.files.sweep import FileSweep
from services.registry.files.uploads import Uploads
from services.registry.innovation.views import VersionedAnswer
from shared.auth.policy import Principal, Role
from shared.contracts.commitment import PromiseOutcome
from shared.contracts.fields import Id, Year
from shared.contracts.vocabulary import InnovationStatus
from shared.faults import Flaw, Invalid
from shared.storage.repository import Versioned
from shared.web.paging import paged
from shared.web.preconditions import IfMatch, etag, fingerprint
from shared.web.routes import After, Limit, Routes, Who, created, get, post, put
from shared.web.upload import UPLOAD_BODY

NOBODY: Mapping[str, InnovationStatus] = {}


class PromiseAnswer(BaseModel):
    """A promised innovation. status: present one of the innovation that came of it; None in lists, and while there is
    none."""

    model_config = ConfigDict(frozen=True)

    name: str
    outcome: PromiseOutcome
    innovation: str | None
    status: InnovationStatus | None
    dropped: str | None


class CommitmentAnswer(VersionedAnswer):
    """A commitment, for its agency and its region."""

    region: str
    agency: str
    year: int
    number: str
    dated: date
    promises: tuple[PromiseAnswer, ...]
    revoked: bool
    file: Attachment | None
    changed_at: datetime
    redactions: tuple[Redaction, ...]

    @classmethod
    def of(cls, commitment: Versioned[Commitment], statuses: Mapping[str, InnovationStatus] = NOBODY) -> Self:
        """statuses: of the innovations that came of it, by id."""
        it = commitment.value
        promises = tuple(
            PromiseAnswer(
                name=each.name,
                outcome=each.outcome,
                innovation=each.innovation,
                status=statuses.get(each.innovation or ""),
                dropped=each.dropped,
            )
            for each in it.promises
        )
        own = set(cls.model_fields) - {"sequence", "promises", "file", "redactions"}
        kept = it.model_dump(include=own)
        return cls(sequence=commitment.sequence, promises=promises, file=it.file, redactions=it.redactions, **kept)


class CommitmentList(BaseModel):
    """A page of commitments."""

    items: list[CommitmentAnswer]
    next: str | None


class CommitmentRoutes(Routes):
    """Recorded by the curator; read by the agency and the region."""

    prefix = "/commitments"
    tag = "commitments"

    def __init__(self, commitments: Commitments, uploads: Uploads, sweep: FileSweep) -> None:
        self._commitments = commitments
        self._sweep = sweep
        self._uploads = uploads

    @get("", Role.AGENCY, Role.CURATOR, Role.EXECUTIVE, response_model=CommitmentList)
    async def list_commitments(
        self,
        *,
        who: Who,
        request: Request,
        response: Response,
        agency: Annotated[Id | None, Query(description="Only of this agency.")] = None,
        year: Annotated[Year | None, Query(description="Only for this year.")] = None,
        limit: Limit = 50,
        after: After = None,
    ) -> dict[str, Any]:
        """The commitments of the account's region; an agency names one of its own agencies."""
        region, own = _scope(who, agency)
        page = await self._commitments.page(region, own, year, limit=limit, after=after)
        return paged(request, response, [CommitmentAnswer.of(each) for each in page.items], page.after)

    @post("", Role.CURATOR, status_code=201)
    async def sign_commitment(
        self,
        *,
        who: Who,
        request: Request,
        response: Response,
        body: Annotated[NewCommitment, Body(openapi_examples=COMMITMENT)],
    ) -> CommitmentAnswer:
        """Record a signed commitment. Agency and year are its id: an equal request gets the first answer, another one
        is a conflict."""
        made = await self._commitments.sign(who, body, fingerprint(body))
        created(request, response, f"commitments/{made.id}", made.sequence)
        return await self._answer(made)

    @get("/{id}/{year}", Role.AGENCY, Role.CURATOR, Role.EXECUTIVE)
    async def read_commitment(
        self, *, who: Who, response: Response, id: IdInPath, year: YearInPath
    ) -> CommitmentAnswer:
        """A commitment, with what became of what was promised."""
        found = await self._commitments.read(who, id, year)
        etag(response, found.sequence)
        return await self._answer(found)

    @put("/{id}/{year}", Role.CURATOR)
    async def revise_commitment(
        self,
        *,
        who: Who,
        response: Response,
        id: IdInPath,
        year: YearInPath,
        expected: IfMatch,
        body: Annotated[CommitmentTerms, Body(openapi_examples=COMMITMENT_TERMS)],
    ) -> CommitmentAnswer:
        """Correct it, name the innovation that came of a promise, give one up with a reason, or revoke the whole."""
        changed = await self._commitments.revise(who, id, year, body, expected)
        etag(response, changed.sequence)
        return await self._answer(changed)

    @put("/{id}/{year}/file", Role.CURATOR, openapi_extra=UPLOAD_BODY)
    async def put_paper(
        self, *, who: Who, request: Request, response: Response, id: IdInPath, year: YearInPath, expected: IfMatch
    ) -> CommitmentAnswer:
        """Upload the signed paper: PDF, JPEG or PNG of at most 10 MB. It replaces an earlier one."""
        (await self._commitments.read(who, id, year)).require(expected)
        at = self._commitments.access.origin().time
        file = await upload(self._uploads, request, PROOF, at, None)
        changed = await self._commitments.put_file(who, id, year, file, expected)
        etag(response, changed.sequence)
        return await self._answer(changed)

    @get("/{id}/{year}/file", Role.AGENCY, Role.CURATOR, Role.EXECUTIVE, **FILE_ANSWER)
    async def read_paper(self, *, who: Who, id: IdInPath, year: YearInPath) -> Response:
        """The signed paper, for its agency and its region."""
        return await download(self._commitments.access.files, await self._commitments.paper(who, id, year))

    @post("/{id}/{year}/redactions", Role.CURATOR)
    async def redact_paper(
        self,
        *,
        who: Who,
        response: Response,
        id: IdInPath,
        year: YearInPath,
        expected: IfMatch,
        body: Annotated[NewRedaction, Body(openapi_examples=REDACTION)],
    ) -> CommitmentAnswer:
        """Remove the bytes of the signed paper for good. Digest, size and the reason stay, which must name nobody."""
        changed = await self._commitments.redact(who, id, year, body, expected)
        await self._sweep.remove_redacted(body.digest)
        etag(response, changed.sequence)
        return await self._answer(changed)

    async def _answer(self, commitment: Versioned[Commitment]) -> CommitmentAnswer:
        return CommitmentAnswer.of(commitment, await self._commitments.statuses(commitment.value))


def _scope(who: Principal, agency: str | None) -> tuple[str, str | None]:
    """The region and the agency of which the account may list: an agency account one of its own."""
    if who.role is Role.AGENCY and agency is None:
        if len(who.agencies) != 1:
            raise Invalid([Flaw("agency", "missing", "sebutkan salah satu perangkat daerah akun ini")])
        agency = next(iter(who.agencies))
    region = who.region or ""
    if agency is not None:
        who.require_agency(region, agency)
    return region, agency
