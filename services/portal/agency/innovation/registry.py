"""Reads and changes an agency's innovation at the registry, in the name of who is signed in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.portal.agency.innovation.detail import Innovation, SubmissionCheck
from services.portal.owners.answers import Answer
from services.portal.owners.client import OwnerClient

MOST_TRIES = 4
"""How often a change is tried that lost against another one."""


class InnovationClient:
    """One innovation. Every method raises OwnerProblem, OwnerAway and Unauthenticated."""

    def __init__(self, client: OwnerClient, id: str) -> None:
        self._client = client
        self.path = f"/innovations/{id}"

    async def read(self) -> Innovation:
        """As it is now."""
        return Innovation.model_validate((await self._client.get(self.path)).body)

    async def check(self) -> SubmissionCheck:
        """What blocks its submission. OwnerProblem with status 409 when it is not open."""
        return SubmissionCheck.model_validate((await self._client.get(f"{self.path}/submission")).body)

    async def rewrite(self, read: Innovation, profile: Mapping[str, Any]) -> Innovation:
        """Replace the profile of the version that was read."""
        return _of(await self._client.put(self.path, {"profile": profile}, version=tag(read)))

    async def assign(self, read: Innovation, year: int) -> Answer:
        """Set the year of the duty that a draft is for."""
        return await self._client.put(self.path, {"profile": read.profile, "year": year}, version=tag(read))

    async def claim(self, read: Innovation, row: str, claim: Mapping[str, Any]) -> Innovation:
        """Set the claim of a row; its files stay."""
        return _of(await self._client.put(f"{self.path}/evidence/{row}", claim, version=tag(read)))

    async def drop(self, read: Innovation, row: str) -> Innovation:
        """Remove a row with its files."""
        return _of(await self._client.delete(f"{self.path}/evidence/{row}", version=tag(read)))

    async def describe(self, read: Innovation, row: str, digest: str, letter: Mapping[str, Any]) -> Innovation:
        """Set number, date and subject of a file's letter."""
        path = f"{self.path}/evidence/{row}/files/{digest}"
        return _of(await self._client.put(path, letter, version=tag(read)))

    async def detach(self, read: Innovation, row: str, digest: str) -> Innovation:
        """Remove a file of a row."""
        return _of(await self._client.delete(f"{self.path}/evidence/{row}/files/{digest}", version=tag(read)))

    async def remove_document(self, read: Innovation, item: str) -> Innovation:
        """Remove a file of the profile."""
        return _of(await self._client.delete(f"{self.path}/documents/{item}", version=tag(read)))

    async def command(self, name: str, version: str, body: object = None) -> Answer:
        """Submit, withdraw, ask to withdraw. version: the ETag that the person has seen."""
        return await self._client.post(f"{self.path}/{name}", body, version=version)

    async def remove(self, name: str, version: str) -> Answer:
        """Delete the draft (name empty), or take back a request."""
        return await self._client.delete(f"{self.path}/{name}".rstrip("/"), version=version)


def tag(read: Innovation) -> str:
    """The ETag of a version."""
    return f'"{read.sequence}"'


def _of(answer: Answer) -> Innovation:
    return Innovation.model_validate(answer.body)
