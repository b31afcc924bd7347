"""The writes to one collection: those of many coroutines in one unordered bulk, each with a fate of its own.

A server answers a bulk with an error for each write that met one, such as a duplicate id, but for updates only with the
number of documents that were modified. If fewer were than were asked for, one more read tells which; see `write.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pymongo.errors import BulkWriteError

from shared.adapters.mongo.driver import WHOLE_SECONDS, Documents, Row
from shared.adapters.mongo.errors import answered, write_error
from shared.adapters.mongo.gathering import Gathering
from shared.adapters.mongo.together import Step, apart, together
from shared.adapters.mongo.write import SEEN, Write
from shared.faults import StoreAway

PACE = 0.008  # seconds from one bulk to the next while writes wait
_MOST = 100  # writes in one bulk
_DUPLICATE = 11000


class Writes:
    """Makes the writes. All methods raise StoreAway when it is not known whether a write was made."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._writes: Gathering[Write, bool] = Gathering(self._write, most=_MOST, pace=PACE)

    async def make(self, write: Write) -> bool:
        """Whether it was made; False: the document is not as the write needs it. Raises ValueError for a document that
        cannot be stored."""
        return await self._writes.ask(write)

    async def finish(self) -> None:
        """Return when no bulk is under way."""
        await self._writes.finish()

    async def _write(self, writes: Sequence[Write]) -> Sequence[bool | Exception]:
        try:
            fates = await self._fates(writes)
        except Exception as error:
            for write in writes:
                write.told(error)
            raise
        for write, fate in zip(writes, fates, strict=True):
            write.told(fate)
        return fates

    async def _fates(self, writes: Sequence[Write]) -> Sequence[bool | Exception]:
        try:
            async with answered(WHOLE_SECONDS):
                return await self._bulk(writes, together(writes))
        except ValueError:  # one of them cannot be sent; the bulk's first part may have been
            if len(writes) == 1:
                raise
        return [await self._fate(each) for each in writes]

    async def _fate(self, write: Write) -> bool | Exception:
        try:
            (fate,) = await self._fates([write])
        except Exception as error:  # noqa: BLE001 - it is this write's fate
            return error
        return fate

    async def _bulk(self, writes: Sequence[Write], steps: Sequence[Step]) -> Sequence[bool | Exception]:
        errors: Mapping[int, Row] = {}
        try:
            done = await self._documents.bulk_write([each.operation for each in steps], ordered=False)
            result: Mapping[str, Any] = done.bulk_api_result
        except BulkWriteError as error:
            result = error.details
            if result["writeConcernErrors"]:  # not durable, or not yet
                raise StoreAway(f"MongoDB: {result['writeConcernErrors'][0].get('errmsg')}") from error
            errors = {each["index"]: each for each in result["writeErrors"]}
        fates: list[bool | Exception] = [True] * len(writes)
        again: list[int] = []  # the error is of one of them, and it is not said of which
        for index, met in errors.items():
            place, *others = steps[index].places
            if others:
                again += steps[index].places
            else:
                fates[place] = False if met["code"] == _DUPLICATE else write_error(met)
        sent = [place for index, step in enumerate(steps) if index not in errors for place in step.places]
        unsure = [place for place in sent if writes[place].modifies]
        if result["nModified"] + len(result["upserted"]) < sum(writes[place].modifies for place in unsure):
            rows = await self._seen({writes[place].id for place in unsure} - {""})
            for place in unsure:
                fates[place] = _fate(writes[place], rows.get(writes[place].id))
        if again:
            some = [writes[place] for place in again]
            for place, fate in zip(again, await self._bulk(some, apart(some)), strict=True):
                fates[place] = fate
        return fates

    async def _seen(self, ids: Iterable[str]) -> Mapping[str, Row]:
        wanted: list[Any] = list(ids)
        if not wanted:
            return {}
        rows = await self._documents.find({"_id": {"$in": wanted}}, SEEN).to_list(len(wanted))
        return {row["_id"]: row for row in rows}


def _fate(write: Write, row: Row | None) -> bool | Exception:
    made = write.was_made(row)
    return StoreAway("others have written over this change before it was answered") if made is None else made
