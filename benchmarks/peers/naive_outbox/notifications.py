"""Notifications, which only count: ``uvicorn benchmarks.peers.naive_outbox.notifications:app``."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from typing import Any

from fastapi import FastAPI

from benchmarks.peers.model import SUBMITTED, Said
from benchmarks.peers.naive_outbox.servers import broker, database

obligations = database("notifications")["obligations"]


async def count(message: dict[str, Any]) -> None:
    innovation = Said.model_validate(message)
    await obligations.update_one(
        {"_id": f"{innovation.agency}/{innovation.year}"},
        {"$addToSet": {"innovations": innovation.id}, "$set": {"status": "fulfilled", "region": innovation.region}},
        upsert=True,
    )


@contextlib.asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    async with broker(None, "notifications.innovations", SUBMITTED, count):
        yield


app = FastAPI(lifespan=lifespan)


@app.get("/health")
async def health() -> dict[str, bool]:
    return {"ready": True}
