"""Ideas of the public, handed to an agency."""

from __future__ import annotations

import random
import uuid

import httpx2

from tests.support.client import Regency


async def handed_over(url: str, regency: Regency, title: str, agency: str) -> str:
    """The id of a new idea of somebody at an address of their own, since so many are taken from one in an hour."""
    somebody = f"203.0.113.{random.randrange(1, 255)}"
    async with httpx2.AsyncClient(base_url=url, trust_env=False, timeout=20) as anybody:
        answer = await anybody.post(
            f"/registry/v1/regions/{regency.code}/ideas",
            json={"title": title, "text": "Warga mengambil nomor antrean dari rumah (contoh)."},
            headers={"Idempotency-Key": uuid.uuid4().hex, "X-Forwarded-For": somebody},
        )
    assert answer.status_code == 201, answer.text
    idea = f"/registry/v1/ideas/{answer.json()['id']}"
    await regency.curator.change("POST", f"{idea}/hand-over", {"agency": agency}, of=idea)
    return str(answer.json()["id"])
