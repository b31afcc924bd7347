"""The registry: ``uvicorn benchmarks.peers.faststream_app.registry:app``."""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import FastAPI, Header, HTTPException

from benchmarks.peers.faststream_app.servers import broker, database, events
from benchmarks.peers.model import SUBMITTED, Innovation, said

stored = database("registry")["innovations"]


@contextlib.asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    async with broker:
        await broker.start()
        await broker.declare_exchange(events)
        yield


app = FastAPI(lifespan=lifespan)


@app.get("/health")
async def health() -> dict[str, bool]:
    return {"ready": True}


@app.post("/innovations/{id}/submit")
async def submit(id: str, if_match: Annotated[str, Header()]) -> dict[str, Any]:
    found = await stored.find_one({"_id": id})
    if found is None:
        raise HTTPException(404)
    innovation = Innovation.model_validate(found)
    if innovation.status != "draft":
        raise HTTPException(409)
    if f'"{innovation.version}"' != if_match:
        raise HTTPException(412)
    if flaws := innovation.flaws():
        raise HTTPException(422, flaws)
    version = max(innovation.version + 1, int(time.time() * 1000))
    changed = await stored.update_one(
        {"_id": id, "version": innovation.version}, {"$set": {"status": "submitted", "version": version}}
    )
    if not changed.modified_count:
        raise HTTPException(412)
    event = said(innovation, version)
    await broker.publish(
        event, exchange=events, routing_key=SUBMITTED, message_id=f"innovation/{id}/{version}", persist=True
    )
    return {"status": "submitted", **event.model_dump(mode="json")}
