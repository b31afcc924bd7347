"""Somebody notices when nobody is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.notifications.doctor import checks
from services.notifications.messages.answer import Answer, AnswerClass
from services.notifications.metrics import LATE, OLDEST_UNSENT
from services.notifications.reminders.mode import Mode
from services.notifications.sending.heartbeat import MOST_SILENCE, Heartbeat, call_url
from services.notifications.settings import MailSettings
from shared.settings import Settings
from tests.servers.smtp import unused_port
from tests.support.fake_channel import MachineTime
from tests.support.notifications_service import set_mode
from tests.unit.notifications.sending.conftest import Both


class Watcher:
    """An outside watcher that counts the calls; may be away."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.away = False

    def __call__(self, url: str) -> None:
        if self.away:
            raise OSError("nobody there")
        self.calls.append(url)


async def works() -> None:
    """A round without a fault."""


async def fails() -> None:
    raise RuntimeError("a fault")


async def test_the_watcher_is_called_only_while_all_rounds_end_well(machine_time: MachineTime) -> None:
    # Given a process in which nothing has run yet
    watcher = Watcher()
    heart = Heartbeat("https://watch.example/x", ("sweep", "sender"), watcher)
    await heart.beat()
    assert watcher.calls == []
    assert heart.silent == ["sweep", "sender"]

    # When both have run, it is called; when one has failed, it is not
    await heart.watched("sweep", works)()
    await heart.watched("sender", works)()
    await heart.beat()
    assert watcher.calls == ["https://watch.example/x"]
    with pytest.raises(RuntimeError):
        await heart.watched("sender", fails)()
    await heart.beat()
    assert len(watcher.calls) == 1

    # And neither when a loop does not end any more
    await heart.watched("sender", works)()
    machine_time.pass_by(seconds=MOST_SILENCE + 1)
    await heart.watched("sweep", works)()
    await heart.beat()
    assert (len(watcher.calls), heart.silent) == (1, ["sender"])


async def test_a_watcher_that_is_away_disturbs_nothing() -> None:
    watcher = Watcher()
    watcher.away = True
    heart = Heartbeat("https://watch.example/x", ("sweep",), watcher)
    await heart.watched("sweep", works)()
    await heart.beat()
    with pytest.raises(OSError, match="refused"):
        call_url(f"http://127.0.0.1:{unused_port()}/")


async def test_nobody_is_called_without_a_url() -> None:
    watcher = Watcher()
    heart = Heartbeat("", ("sweep",), watcher)
    await heart.watched("sweep", works)()
    await heart.beat()
    assert watcher.calls == []


async def test_a_due_message_that_is_not_sent_rings_after_five_minutes(both: Both) -> None:
    # Given a mail server that puts everything off
    both.email.answer = Answer(AnswerClass.TRANSIENT, "4.3.0")
    await both.overdue(phone=None)
    await both.send()
    await both.pass_by(minutes=4)
    await both.service.parts.watch.measure()
    assert LATE._value.get() == 0

    # When more than five minutes have passed
    await both.pass_by(minutes=2)
    await both.service.parts.watch.measure()

    # Then metrics and readiness name it, and the service stays ready to serve
    assert LATE._value.get() == 1
    assert OLDEST_UNSENT._value.get() >= 360
    found = (await both.service.parts.watch.readiness())["messages"]
    assert (found.ready, found.state) == (True, "late")
    assert "has been due for" in found.why

    # And once it is sent, nothing rings
    both.email.answer = Answer(AnswerClass.ACCEPTED)
    await both.pass_by(minutes=30)
    await both.service.parts.watch.measure()
    assert (LATE._value.get(), OLDEST_UNSENT._value.get()) == (0, 0)


async def test_nothing_rings_in_mode_log_and_readiness_says_the_mode(both: Both) -> None:
    await both.overdue(phone=None)
    await set_mode(both.service.store, Mode.LOG)
    await both.pass_by(minutes=10)
    assert await both.service.parts.watch.oldest_unsent() is None
    assert (await both.service.parts.watch.readiness())["alerting"].state == "log"


async def test_readiness_names_stopped_channels(both: Both) -> None:
    both.email.answer = Answer(AnswerClass.ACCOUNT, "5.7.8")
    await both.overdue(phone=None)
    await both.send()
    found = await both.service.parts.watch.readiness()
    assert (found["channel email"].state, found["channel whatsapp"].state) == ("stopped", "running")
    assert "5.7.8" in found["channel email"].why
    assert found["alerting"].why.startswith("PUBLIC_URL")


async def test_doctor_asks_each_configured_provider(tmp_path: Path) -> None:
    port = unused_port()
    mail = MailSettings.model_validate(
        {"smtp_url": f"smtp://127.0.0.1:{port}", "mail_from": "satu@kuburaya.example", "channel": "email"}
    )
    found = {each.part: each for each in await checks(Settings(data_dir=tmp_path, services=(mail,)))}
    assert not found["SMTP"].passed
    assert "PUBLIC_URL" in found["PUBLIC_URL"].fix
    assert found["holidays"].passed
