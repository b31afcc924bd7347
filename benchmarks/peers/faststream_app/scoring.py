"""Scoring: ``uvicorn benchmarks.peers.faststream_app.scoring:app``."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from fastapi import FastAPI

from benchmarks.peers.catalogue import card
from benchmarks.peers.faststream_app.servers import broker, database, events, innovations
from benchmarks.peers.model import SCORED, Said, scored

cards = database("scoring")["cards"]


@broker.subscriber(innovations, events)
async def score(innovation: Said) -> None:
    made = card(innovation.evidence)
    state = {"sequence": innovation.sequence, "region": innovation.region, **made}
    await cards.update_one({"_id": innovation.id}, {"$set": state}, upsert=True)
    await broker.publish(
        scored(innovation, made),
        exchange=events,
        routing_key=SCORED,
        message_id=f"scorecard/{innovation.id}/{innovation.sequence}",
        persist=True,
    )


@contextlib.asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    async with broker:
        await broker.start()
        yield


app = FastAPI(lifespan=lifespan)


@app.get("/health")
async def health() -> dict[str, bool]:
    return {"ready": True}
