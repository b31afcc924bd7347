"""Records the signed commitments, and reads what became of what was promised."""

from __future__ import annotations

from collections.abc import Mapping

from services.registry.continuation import commitment as commitments
from services.registry.continuation.commitment import (
    Commitment,
    CommitmentTerms,
    NewCommitment,
    Promise,
    commitment_id,
)
from services.registry.evidence.attachment import Attachment
from services.registry.files.redaction import NewRedaction, require_not_gone
from services.registry.innovation.access import InnovationAccess
from shared.auth.policy import Principal
from shared.contracts.vocabulary import InnovationStatus
from shared.faults import Conflict, Flaw, Invalid, NotFound
from shared.storage.repository import Repository, Versioned, VersionedPage
from shared.storage.stored import Fingerprint


class Commitments:
    """The commitments of one store."""

    def __init__(self, access: InnovationAccess, commitments: Repository[Commitment]) -> None:
        self.access = access
        self._commitments = commitments

    async def sign(self, who: Principal, new: NewCommitment, body: Fingerprint) -> Versioned[Commitment]:
        """Record a commitment. An equal request gets the first answer. Raises Forbidden, Invalid, and Conflict when the
        agency has another one for that year."""
        agency = await self.access.agencies.find(new.agency)
        if agency is None:
            raise Invalid([Flaw("agency", "unknown", "perangkat daerah ini tidak terdaftar")])
        region = agency.value.region
        who.require_region(region)
        id = commitment_id(new.agency, new.year)
        found = await self._commitments.repeated(id, body, Conflict)
        if found is not None:
            return found
        await self._require_own(new.agency, new.promises)
        origin = self.access.origin()
        today = (await self.access.regions.get(region)).value.today(origin.time)
        made, event = commitments.sign(region, new, fingerprint=body.sent, today=today, by=who.id, origin=origin)
        return await self._commitments.create(id, made, event, Conflict, fingerprint=body)

    async def read(self, who: Principal, agency: str, year: int) -> Versioned[Commitment]:
        """A commitment, for its agency and its region. Raises NotFound, Forbidden."""
        found = await self._commitments.get(commitment_id(agency, year))
        who.require_agency(found.value.region, agency)
        return found

    async def revise(
        self, who: Principal, agency: str, year: int, terms: CommitmentTerms, expected: int
    ) -> Versioned[Commitment]:
        """Other terms. Raises NotFound, Forbidden, Stale, Invalid."""
        found = await self.read(who, agency, year)
        found.require(expected)
        await self._require_own(agency, terms.promises)
        origin = self.access.origin()
        today = (await self.access.regions.get(found.value.region)).value.today(origin.time)
        return await self._commitments.amend(
            found.id, expected, lambda it: commitments.revise(it, terms, today=today, by=who.id, origin=origin)
        )

    async def put_file(
        self, who: Principal, agency: str, year: int, file: Attachment, expected: int
    ) -> Versioned[Commitment]:
        """Set the signed paper. Raises NotFound, Forbidden, Stale."""
        found = await self.read(who, agency, year)
        origin = self.access.origin()
        return await self._commitments.amend(
            found.id, expected, lambda it: commitments.put_file(it, file, by=who.id, origin=origin)
        )

    async def paper(self, who: Principal, agency: str, year: int) -> Attachment:
        """The signed paper. Raises NotFound, Forbidden, and Gone for a redacted one."""
        found = (await self.read(who, agency, year)).value
        if found.file is None:
            raise NotFound("Naskah perjanjian ini belum diunggah.")
        require_not_gone(found.redactions, found.file.digest)
        return found.file

    async def redact(
        self, who: Principal, agency: str, year: int, wanted: NewRedaction, expected: int
    ) -> Versioned[Commitment]:
        """Redact the signed paper. Raises NotFound, Forbidden, Stale."""
        found = await self.read(who, agency, year)
        origin = self.access.origin()
        return await self._commitments.amend(
            found.id, expected, lambda it: commitments.redact(it, wanted, by=who.id, origin=origin)
        )

    async def page(
        self, region: str, agency: str | None, year: int | None, *, limit: int, after: str | None
    ) -> VersionedPage[Commitment]:
        """The region's commitments, by id. Raises Invalid for an unknown cursor."""
        given = {"region": region, "agency": agency, "year": year}
        where = {name: value for name, value in given.items() if value is not None}
        return await self._commitments.list(where, limit=limit, after=after)

    async def statuses(self, commitment: Commitment) -> Mapping[str, InnovationStatus]:
        """Id → present status, of the innovations that came of it."""
        found = {id: await self.access.innovations.find(id) for id in commitment.innovations}
        return {id: each.value.status for id, each in found.items() if each is not None}

    async def _require_own(self, agency: str, promises: tuple[Promise, ...]) -> None:
        flaws: list[Flaw] = []
        for number, promise in enumerate(promises):
            if promise.innovation is None:
                continue
            found = await self.access.innovations.find(promise.innovation)
            if found is None or all(each.agency != agency for each in found.value.assignments):
                why = "bukan inovasi perangkat daerah ini"
                flaws.append(Flaw(f"promises.{number}.innovation", "unknown", why))
        if flaws:
            raise Invalid(flaws)
