"""The same drafts as ours, in the peers' form, written straight into their store."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from pymongo import MongoClient

from benchmarks.load.job import Post

_IDS = uuid.UUID("2c1f4f0a-6c0e-5a57-8d5a-6f3b1e0d9c11")


def write(url: str, database: str, agencies: int, name: str, count: int) -> list[Post]:
    """Write drafts over so many agencies. Returns what is to be submitted."""
    documents = [_draft(name, number, agencies) for number in range(count)]
    with MongoClient[dict[str, Any]](url) as client:
        client[database]["innovations"].insert_many(documents)
    return [Post(f"/innovations/{each['_id']}", '"1"', each["_id"]) for each in documents]


def _draft(name: str, number: int, agencies: int) -> dict[str, Any]:
    return {
        "_id": str(uuid.uuid5(_IDS, f"{name}/{number}")),
        "version": 1,
        "region": "61.12",
        "agency": str(uuid.uuid5(_IDS, f"agency/{number % agencies}")),
        "year": date.today().year,  # noqa: DTZ011 - any year
        "status": "draft",
        "profile": {
            "name": f"Inovasi buatan {number}",
            "stage": "penerapan",
            "initiator": "opd",
            "classification": "perangkat_daerah",
            "nature": "digital",
            "form": "pelayanan_publik",
            "main_affair": "kesehatan",
            "applied_on": "2025-03-01",
            "design": "kata " * 320,
            "purpose": "Tujuan.",
            "benefit": "Manfaat.",
            "outcome": "Hasil.",
        },
        "evidence": {
            "16": {"level": 1 + number % 3, "links": ["https://bukti.example/16"]},
            "17": {"value": 1 + number % 60, "links": ["https://bukti.example/17"]},
            "31": {"level": 1 + number // 7 % 3, "links": ["https://bukti.example/31"]},
        },
        "outbox": [],
        "owes": False,
    }
