"""Runs a route's method as FastAPI would, without its exit stacks, its search for dependencies, and its layers.

Only what is right is answered here. A request with a parameter or a body that is not valid goes to FastAPI from its
beginning, so that both ways refuse alike.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi.routing import APIRoute, serialize_response
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope

from shared.auth.policy import RoutePolicy
from shared.faults import Fault
from shared.web.body_limit import MOST_PLAIN, MOST_VALUES, count_values
from shared.web.error_handlers import fault_problem, http_problem

_TEXT = (str, str | None)
_JSON = b"application/json"


class ReceivedBody:
    """What was read of a request's body, so that FastAPI can read it again."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._messages: list[Message] = []
        self._again = 0

    async def whole(self) -> bytes | None:
        """The whole body; None when it is too large or the client is gone. Then the rest was not read."""
        size = values = 0
        while True:
            message = await self._receive()
            self._messages.append(message)
            part: bytes = message.get("body", b"")
            size += len(part)
            values += count_values(part)
            if message["type"] != "http.request" or size > MOST_PLAIN or values > MOST_VALUES:
                return None
            if not message.get("more_body", False):
                return b"".join(each.get("body", b"") for each in self._messages)

    async def receive(self) -> Message:
        """ASGI's `receive`, from the beginning."""
        if self._again < len(self._messages):
            self._again += 1
            return self._messages[self._again - 1]
        return await self._receive()


class HotRoute:
    """One route. It may take path parameters, one JSON body, the request, the response, and dependencies that take
    text from headers or the request. Raises TypeError for a route that takes anything else."""

    def __init__(self, route: APIRoute) -> None:
        dependant: Any = route.dependant  # no public type
        self._call: Callable[..., Awaitable[Any]] = dependant.call
        self._path = [(each.name, each.alias, each.validate) for each in dependant.path_params]
        self._body: Any = dependant.body_params[0] if dependant.body_params else None
        self._request: str | None = dependant.request_param_name
        self._response: str | None = dependant.response_param_name
        self._dependencies = [_Dependency(each) for each in dependant.dependencies]
        self._dependencies = [each for each in self._dependencies if not isinstance(each.call, RoutePolicy)]
        self._status = route.status_code or HTTPStatus.OK
        self._field = route.response_field
        others = dependant.query_params or dependant.header_params or dependant.cookie_params
        if others or len(dependant.body_params) > 1 or self._field is None:
            raise TypeError(f"{route.path} takes what a hot route cannot take")

    async def answer(self, scope: Scope, path_values: Mapping[str, str], body: ReceivedBody) -> Response | None:
        """The answer to a request that the guard has let in; None when FastAPI must answer."""
        request = Request(scope, body.receive)
        arguments: dict[str, Any] = {}
        for name, alias, validate in self._path:
            arguments[name], errors = validate(path_values[alias])
            if errors:
                return None
        declared = request.headers.get("content-length", "0")
        if not declared.isdecimal() or int(declared) > MOST_PLAIN:
            return None
        if self._body is not None and not await self._read(request.headers, body, arguments):
            return None
        try:
            return await self._run(request, arguments)
        except Fault as fault:
            return fault_problem(request, fault)
        except HTTPException as error:
            return await http_problem(request, error)

    async def _read(self, headers: Headers, body: ReceivedBody, arguments: dict[str, Any]) -> bool:
        """Whether the body is valid; adds its value."""
        if headers.get("content-type") != "application/json":
            return False
        content = await body.whole()
        try:
            value = json.loads(content) if content else None
        except (ValueError, RecursionError):
            return False
        if value is None:
            return False
        arguments[self._body.name], errors = self._body.validate(value)
        return not errors

    async def _run(self, request: Request, arguments: dict[str, Any]) -> Response:
        response = Response(status_code=self._status)
        response.raw_headers = []
        for dependency in self._dependencies:
            value = await dependency.call(**dependency.arguments(request))
            if dependency.name is not None:
                arguments[dependency.name] = value
        if self._request is not None:
            arguments[self._request] = request
        if self._response is not None:
            arguments[self._response] = response
        content = await self._call(**arguments)
        if isinstance(content, Response):
            return content
        response.body = await serialize_response(field=self._field, response_content=content, dump_json=True)
        response.raw_headers[:0] = [(b"content-length", b"%d" % len(response.body)), (b"content-type", _JSON)]
        return response


class _Dependency:
    """A function that a route depends on. name: the route's parameter, None when it takes no value."""

    def __init__(self, dependant: Any) -> None:  # noqa: ANN401 - as above
        self.name: str | None = dependant.name
        self.call: Callable[..., Awaitable[Any]] = dependant.call
        self._request: str | None = dependant.request_param_name
        self._headers = [(each.name, each.alias) for each in dependant.header_params]
        texts = all(each.field_info.annotation in _TEXT and each.default is None for each in dependant.header_params)
        others = (
            dependant.dependencies
            or dependant.path_params
            or dependant.query_params
            or dependant.cookie_params
            or dependant.body_params
            or dependant.response_param_name
        )
        if others or not texts:
            raise TypeError(f"{self.call} takes what a dependency of a hot route cannot take")

    def arguments(self, request: Request) -> dict[str, Any]:
        """Those of the function."""
        arguments: dict[str, Any] = {name: request.headers.get(alias) for name, alias in self._headers}
        if self._request is not None:
            arguments[self._request] = request
        return arguments
