"""A POST with everything that stands before a command (token, policy, limits, validation, log entry), beside a bare
validated FastAPI POST: the same body, called as ASGI applications, without a socket."""

from __future__ import annotations

import contextlib
import json
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

from fastapi import Body, FastAPI
from pydantic import BaseModel, Field
from starlette.types import ASGIApp, Message

from benchmarks.measures.timed import Timed, timed
from shared.auth import keys
from shared.auth.gates import gate_of
from shared.auth.policy import Role
from shared.observability import logs
from shared.settings import load
from shared.web.app import service_app
from shared.web.routes import Routes, Who, post


class Thing(BaseModel):
    """A body such as a claim for one row."""

    level: int = Field(ge=1, le=3)
    number: str = Field(min_length=1, max_length=80)
    subject: str = Field(max_length=400)
    links: list[str]


class Answer(BaseModel):
    id: str
    level: int


class ThingRoutes(Routes):
    prefix = "/things"

    @post("/{id}", Role.CURATOR)
    async def put_thing(self, who: Who, id: str, thing: Thing) -> Answer:
        del who
        return Answer(id=id, level=thing.level)


def _bare() -> ASGIApp:
    app = FastAPI()

    @app.post("/things/{id}")
    async def put_thing(id: str, thing: Annotated[Thing, Body()]) -> Answer:
        return Answer(id=id, level=thing.level)

    return app


BODY = json.dumps(
    {"level": 2, "number": "800/12", "subject": "Keputusan Kepala Dinas", "links": ["https://bukti.example/16"]}
).encode()


async def both(count: int) -> tuple[Timed, Timed]:
    """Ours, and the bare one."""
    with tempfile.TemporaryDirectory() as folder:
        settings = load({}, data_dir=Path(folder), port=0)
        keys.init(settings.root, settings.keys)
        token = keys.issue(settings.root, keys.Grant("b", Role.CURATOR, "61.12"), timedelta(hours=1))
        ours = service_app("registry", ThingRoutes().router(), gate_of(settings))
        with (Path(folder) / "log").open("w") as log, contextlib.redirect_stdout(log), contextlib.redirect_stderr(log):
            logs.configure("json", "info")  # each request has its entry
            mine = await _posted(ours, token, count)
        logs.configure("json", "error")
        return mine, await _posted(_bare(), token, count)


async def _posted(app: ASGIApp, token: str, count: int) -> Timed:
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/things/a",
        "raw_path": b"/things/a",
        "query_string": b"",
        "root_path": "",
        "headers": [
            (b"host", b"localhost"),
            (b"authorization", f"Bearer {token}".encode()),
            (b"content-type", b"application/json"),
            (b"content-length", str(len(BODY)).encode()),
        ],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    status = 0

    async def send(message: Message) -> None:
        nonlocal status
        status = message.get("status", status)

    async def once() -> None:
        messages = iter([{"type": "http.request", "body": BODY, "more_body": False}])

        async def receive() -> Message:
            return next(messages, {"type": "http.disconnect"})

        await app({**scope, "headers": list(scope["headers"]), "state": {}}, receive, send)

    for _ in range(50):
        await once()
    assert status == 200, status
    with timed(count) as it:
        for _ in range(count):
            await once()
    return it
