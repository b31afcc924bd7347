"""The registry: ``uvicorn benchmarks.peers.naive_outbox.registry:app``."""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import FastAPI, Header, HTTPException

from benchmarks.peers.model import SUBMITTED, Innovation, said
from benchmarks.peers.naive_outbox.servers import Relay, broker, database

innovations = database("registry")["innovations"]
relay = Relay(innovations)


@contextlib.asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    await innovations.create_index("owes")
    async with broker(relay):
        yield


app = FastAPI(lifespan=lifespan)


@app.get("/health")
async def health() -> dict[str, bool]:
    return {"ready": True}


@app.post("/innovations/{id}/submit")
async def submit(id: str, if_match: Annotated[str, Header()]) -> dict[str, Any]:
    stored = await innovations.find_one({"_id": id})
    if stored is None:
        raise HTTPException(404)
    innovation = Innovation.model_validate(stored)
    if innovation.status != "draft":
        raise HTTPException(409)
    if f'"{innovation.version}"' != if_match:
        raise HTTPException(412)
    if flaws := innovation.flaws():
        raise HTTPException(422, flaws)
    version = max(innovation.version + 1, int(time.time() * 1000))
    data = said(innovation, version).model_dump(mode="json")
    event = {"id": f"innovation/{id}/{version}", "type": SUBMITTED, "data": data}
    changed = await innovations.update_one(
        {"_id": id, "version": innovation.version},
        {"$set": {"status": "submitted", "version": version, "owes": True}, "$push": {"outbox": event}},
    )
    if not changed.modified_count:
        raise HTTPException(412)
    relay.nudge()
    return {"status": "submitted", **data}
