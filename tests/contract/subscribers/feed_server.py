"""A small feed over HTTP: pages of what it is given, cursors with a generation, 410 for those of a former one."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "a-token"

Event = dict[str, Any]


class FeedServer:
    """Tells the newest event of each subject in the order in which it received them. Its pages hold two events, so that
    readers must follow."""

    def __init__(self) -> None:
        self.generation = 1
        self.complete = True
        self.answers = 0
        self._places: list[tuple[int, Event]] = []
        self._last = 0
        self._lock = threading.Lock()
        self.url = ""

    def place(self, *events: Event) -> None:
        """Receive events."""
        with self._lock:
            for event in events:
                self._last += 1
                self._places = [each for each in self._places if each[1]["subject"] != event["subject"]]
                self._places.append((self._last, event))

    def begin_anew(self, *events: Event) -> None:
        """Lose everything, as by a restore, and have these events."""
        with self._lock:
            self.generation += 1
            self._places, self._last = [], 0
        self.place(*events)

    def answer(self, after: str) -> tuple[int, Event]:
        """Status and body."""
        generation, _, place = after.partition(".") if after else (str(self.generation), "", "0")
        with self._lock:
            self.answers += 1
            if int(generation) != self.generation:
                return 410, {"type": "urn:satu-inovasi:feed-restarted"}
            found = [each for each in self._places if each[0] > int(place)]
            page, more = found[:2], len(found) > 2
            last = page[-1][0] if page else place
            events = [event for _, event in page]
            cursor = f"{self.generation}.{last}"
            return 200, {"events": events, "cursor": cursor, "more": more, "complete": self.complete}


@contextlib.contextmanager
def serving() -> Iterator[FeedServer]:
    """A feed on a free port of loopback."""
    feed = FeedServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            query = parse_qs(urlsplit(self.path).query, keep_blank_values=True)
            assert self.headers["Authorization"] == f"Bearer {TOKEN}"
            status, body = feed.answer(query["after"][0])
            if "wait" in query and status == 200 and not body["events"]:
                threading.Event().wait(0.1)
            text = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            with contextlib.suppress(ConnectionError):  # the reader was killed
                self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        feed.url = f"http://127.0.0.1:{server.server_port}/feed/v1"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield feed
        server.shutdown()
        thread.join()
