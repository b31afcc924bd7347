"""Scoring: ``uvicorn benchmarks.peers.naive_outbox.scoring:app``."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from typing import Any

from fastapi import FastAPI
from pymongo.errors import DuplicateKeyError

from benchmarks.peers.catalogue import card
from benchmarks.peers.model import SCORED, SUBMITTED, Said, scored
from benchmarks.peers.naive_outbox.servers import Relay, broker, database

cards = database("scoring")["cards"]
relay = Relay(cards)


async def score(message: dict[str, Any]) -> None:
    innovation = Said.model_validate(message)
    made = card(innovation.evidence)
    event = {
        "id": f"scorecard/{innovation.id}/{innovation.sequence}",
        "type": SCORED,
        "data": scored(innovation, made),
    }
    state = {"sequence": innovation.sequence, "region": innovation.region, **made, "owes": True}
    with contextlib.suppress(DuplicateKeyError):  # a newer one is there
        await cards.update_one(
            {"_id": innovation.id, "sequence": {"$lt": innovation.sequence}},
            {"$set": state, "$push": {"outbox": event}},
            upsert=True,
        )
    relay.nudge()


@contextlib.asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    await cards.create_index("owes")
    async with broker(relay, "scoring.innovations", SUBMITTED, score):
        yield


app = FastAPI(lifespan=lifespan)


@app.get("/health")
async def health() -> dict[str, bool]:
    return {"ready": True}
