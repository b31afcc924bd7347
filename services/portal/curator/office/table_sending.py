"""Sends a table to its owner: streamed to the registry, whole to the others, which take 2 MB."""

from __future__ import annotations

from services.portal.curator.office.tables import MOST_DIRECT, REGISTRY, Sheet, media_type
from services.portal.owners.answers import Answer, OwnerProblem
from services.portal.owners.client import Owners
from services.portal.owners.multipart import Multipart
from services.portal.pages.session import SignedIn
from services.portal.pages.upload import FileForm
from shared.faults import TooLarge

NOT_FOUND = 404
NOTHING_YET = '"0"'
"""The version of results that were never entered."""


class TableSending:
    """In one person's name, for one region."""

    def __init__(self, owners: Owners, session: SignedIn, region: str) -> None:
        self._owners = owners
        self._session = session
        self._region = region

    async def send(self, sheet: Sheet, file: FileForm, key: str, year: int, *, dry_run: bool) -> Answer:
        """The owner's first answer. key: the same when the same form is sent again; year: of official results. Raises
        OwnerProblem, OwnerAway, TooLarge."""
        dry = "true" if dry_run else "false"
        query = {"region": self._region, "dry_run": dry}
        if sheet in REGISTRY:
            table = Multipart(file.name, file.chunks(), media_type(file.name))
            registry = self._owners.registry(self._session)
            return await registry.send_file("POST", "/imports", table, key=key, query={**query, "sheet": sheet.value})
        content, kind = await _whole(file), media_type(file.name)
        if sheet is Sheet.CONTACTS:
            notifications = self._owners.notifications(self._session)
            return await notifications.post("/contacts/imports", key=key, query=query, content=content, media_type=kind)
        scoring = self._owners.scoring(self._session)
        if sheet is Sheet.AWARDS:
            return await scoring.post("/awards/table", key=key, query=query, content=content, media_type=kind)
        place = f"/results/{self._region}/{year}"
        return await scoring.put(
            f"{place}/table",
            version=await self._version(place),
            query={"dry_run": dry},
            content=content,
            media_type=kind,
        )

    async def _version(self, place: str) -> str:
        """Of the results as they stand."""
        try:
            return (await self._owners.scoring(self._session).get(place)).etag or NOTHING_YET
        except OwnerProblem as problem:
            if problem.status == NOT_FOUND:
                return NOTHING_YET
            raise


async def _whole(file: FileForm) -> bytes:
    content = bytearray()
    async for chunk in file.chunks():
        content += chunk
        if len(content) > MOST_DIRECT:
            raise TooLarge
    return bytes(content)
