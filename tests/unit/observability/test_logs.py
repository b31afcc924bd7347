from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from shared.observability import logs


@pytest.fixture
def out() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    logs.configure("json", "info", stream=stream)
    yield stream
    for handler in list(root.handlers):
        if handler not in handlers:
            root.removeHandler(handler)
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


def lines(out: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_an_event_is_one_json_line_with_its_fields_and_what_is_bound(out: io.StringIO) -> None:
    with structlog.contextvars.bound_contextvars(correlationid="c1"):
        structlog.get_logger("room").info("thing.done", count=3)

    (line,) = lines(out)
    assert line["event"] == "thing.done"
    assert (line["count"], line["correlationid"], line["level"], line["logger"]) == (3, "c1", "info", "room")
    assert str(line["timestamp"]).endswith("Z")


def test_an_event_has_the_fields_of_what_it_is_about_unless_it_has_its_own(out: io.StringIO) -> None:
    fields: dict[str, object] = {"subscription": "tests.agencies", "reason": "outer"}
    with logs.about(fields):
        fields["event_id"] = "agency/1"
        structlog.get_logger().info("thing.done", reason="own")
        logging.getLogger("library").info("said")
    structlog.get_logger().info("thing.after")

    own, library, after = lines(out)
    assert (own["subscription"], own["event_id"], own["reason"]) == ("tests.agencies", "agency/1", "own")
    assert library["event_id"] == "agency/1"
    assert "event_id" not in after


def test_a_library_s_log_is_formatted_likewise(out: io.StringIO) -> None:
    logging.getLogger("uvicorn.error").error("listening on %s", "x")

    assert lines(out)[0]["event"] == "listening on x"


def test_an_entry_without_a_logger_s_name_bears_its_module_s(out: io.StringIO) -> None:
    structlog.get_logger().bind(count=3).warning("thing.late")

    (line,) = lines(out)
    assert (line["logger"], line["level"], line["count"]) == (__name__, "warning", 3)


def test_arguments_of_an_entry_are_put_into_its_text(out: io.StringIO) -> None:
    structlog.get_logger().error("%s of %d", "two", 3)

    assert lines(out)[0]["event"] == "two of 3"


def test_a_value_that_json_lacks_is_shown_as_its_representation(out: io.StringIO) -> None:
    structlog.get_logger().info("x.done", part={1, 2}, where=Path("here"), half=0.5, none=None)

    (line,) = lines(out)
    assert (line["part"], line["where"]) == ("{1, 2}", f"{Path('here')!r}")
    assert (line["half"], line["none"]) == (0.5, None)


class Unprintable:
    """A value that cannot be shown."""

    def __repr__(self) -> str:
        raise RuntimeError("no representation")


@pytest.mark.parametrize("value", [Unprintable(), {(1, 2): 3}, [Unprintable()]], ids=["repr", "key", "nested"])
def test_an_entry_that_cannot_be_written_does_not_break_what_it_tells_of(
    out: io.StringIO, capsys: pytest.CaptureFixture[str], value: object
) -> None:
    structlog.get_logger("room").info("thing.done", value=value)
    structlog.get_logger("room").info("thing.after")

    assert [line["event"] for line in lines(out)] == ["thing.after"]
    assert "thing.done" in capsys.readouterr().err


@pytest.mark.usefixtures("out")
def test_a_stream_that_is_gone_does_not_break_what_an_entry_tells_of(capsys: pytest.CaptureFixture[str]) -> None:
    class Gone(io.StringIO):
        def write(self, _text: str, /) -> int:
            raise BrokenPipeError

    logs.configure("json", "info", stream=Gone())

    structlog.get_logger().info("thing.done")

    assert "BrokenPipeError" in capsys.readouterr().err


PARTS = [
    "amqp",
    "://",
    "user",
    ":",
    "hunter2",
    "@",
    "host",
    "/",
    " ",
    "eyJ",
    "hbGciOiJF",
    ".",
    "eyJzdWIi",
    "c2ln",
    "EYJ",
]


@given(st.lists(st.sampled_from(PARTS), max_size=14).map("".join))
def test_values_are_masked_as_by_the_patterns_alone(value: str) -> None:
    without_passwords = re.sub(r"(?<=://)([^/@:\s]+):[^/@\s]+@", r"\1:***@", value)
    expected = re.sub(r"eyJ[\w-]{8,}\.[\w-]+\.[\w-]+", "***", without_passwords)

    assert logs.without_secrets(None, "info", {"reason": value}) == {"reason": expected}


def test_secrets_are_masked_whoever_logs_them(out: io.StringIO) -> None:
    structlog.get_logger().warning(
        "x.failed",
        token="abc",
        smtp_password="hunter2",
        reason="cannot reach amqp://user:hunter2@host/ with eyJhbGciOiJFZERTQSJ9.eyJzdWIi.c2ln",
    )
    logging.getLogger("library").error("mongodb://user:hunter2@host refused")

    assert "hunter2" not in out.getvalue()
    assert "eyJ" not in out.getvalue()
    assert lines(out)[0]["reason"] == "cannot reach amqp://user:***@host/ with ***"


def test_a_stack_trace_has_no_values_of_variables(out: io.StringIO) -> None:
    def fail() -> None:
        private = "a-private-value-" + "0815"
        raise RuntimeError(f"of length {len(private)}")

    try:
        fail()
    except RuntimeError:
        structlog.get_logger().exception("x.broken")

    (line,) = lines(out)
    assert "RuntimeError: of length 20" in str(line["exception"])
    assert "a-private-value-0815" not in out.getvalue()


def test_entries_below_the_level_are_dropped(out: io.StringIO) -> None:
    structlog.get_logger().debug("x.detail")
    logging.getLogger("httpx2").info("GET http://host/?token=abc")

    assert out.getvalue() == ""


def test_configured_again_a_line_is_written_once(out: io.StringIO) -> None:
    logs.configure("json", "info", stream=out)

    structlog.get_logger().info("x.done")

    assert len(lines(out)) == 1
