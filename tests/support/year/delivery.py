"""Messages of the naive recomputation: taken, handed over, reported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from tests.support.year.audience import Unheard, open_channels
from tests.support.year.due import Reason, bound_to, is_confirmation, revision_of
from tests.support.year.facts import RegionSaid
from tests.support.year.known import Known
from tests.support.year.local import local_day
from tests.support.year.mail import FALLBACK_AFTER, UNDELIVERED_AFTER, Attempt, Handed, Mail, Post
from tests.support.year.provider import EMAIL, WHATSAPP, LaterReceipt, Reply, World
from tests.support.year.quiet import alert_policy

QUARTER = timedelta(minutes=15)
AWAY_LONG = timedelta(minutes=15)
BUSY_LONG = timedelta(hours=1)
BUSY_WAITS = tuple(timedelta(minutes=each) for each in (1, 5, 30, 120))  # the last one repeats


class Delivery:
    """look_again: called with a moment at which something may change."""

    def __init__(self, known: Known, world: World, look_again: Callable[[datetime], None]) -> None:
        self._known = known
        self._world = world
        self._look_again = look_again
        self._mails: list[Mail] = []
        self._taken: Counter[tuple[str, date]] = Counter()
        self._away_since: dict[str, datetime] = {}
        self._late: set[Reason] = set()  # of which a message waited for a provider: what follows may be as late
        self.post: Post = {}
        self.unheard: Unheard = set()
        self.handed: list[Handed] = []

    def take(self, region: RegionSaid, id: str, reasons: list[Reason], now: datetime) -> None:
        """Design §9: "one `change()` takes all due alerts that it lacks into one new message". Issue 9 §2.6: "daily cap
        per person"; §2.9: "a new address gets one message with a link": on WhatsApp, and on the channel that is not
        used first, a message of its own."""
        person, today = self._known.people[id], local_day(now, region.zone)
        joined = EMAIL if person.channels(today)[0] == EMAIL else ""
        for alone in ("", *(each for each in (EMAIL, WHATSAPP) if each != joined)):
            mine = [reason for reason in reasons if bound_to(reason).removeprefix(joined) == alone]
            new = [reason for reason in mine if self._key(id, person.revision, reason) not in self.post]
            if not new or self._taken[id, today] >= alert_policy(self._known, region.region, today).cap:
                continue
            self._taken[id, today] += 1
            mail = Mail(id, person.revision, region.region, new, now, waited=bool(self._late & set(new)))
            self._mails.append(mail)
            self.post.update({self._key(id, person.revision, reason): mail for reason in new})

    @staticmethod
    def _key(id: str, revision: int, reason: Reason) -> tuple[str, int, Reason]:
        return id, revision_of(reason, revision), reason

    def send(self, region: RegionSaid, wanted: dict[str, list[Reason]], now: datetime) -> bool:
        """Hand over what waits. Returns whether an address was closed, so that the question must be asked again; until
        then that person's other mails wait. What only asks for an address goes last (the rules leave that open)."""
        mine = [each for each in self._mails if each.region == region.region]
        closed_of: set[str] = set()
        for mail in sorted(mine, key=lambda each: all(is_confirmation(reason) for reason in each.reasons)):
            if mail.person in closed_of:
                continue
            kept, closed = self._held(mail, wanted.get(mail.person, [])), False
            if mail.status == "waiting":
                closed = self._first(mail, kept, region, now)
            elif mail.status == "awaiting" and kept:
                closed = self._fall_back(mail, kept, region, now)
            if closed:
                closed_of.add(mail.person)
        return bool(closed_of)

    def settle(self, now: datetime) -> None:
        """Reports, and attempts that nobody ever reported."""
        for mail in self._mails:
            for attempt in mail.attempts:
                if attempt.receipt and not attempt.heard and attempt.receipt.at <= now:
                    attempt.heard = True
                    self._report(mail, attempt, attempt.receipt)
            self._give_up(mail, now)
        self._mails = [each for each in self._mails if each.status in ("waiting", "awaiting") or each.hopes]

    def _held(self, mail: Mail, wanted: list[Reason]) -> list[Reason]:
        """Those of its reasons that still hold, for the addresses it was written for."""
        current = self._known.people[mail.person].revision == mail.revision
        return [reason for reason in mail.reasons if (current or is_confirmation(reason)) and reason in wanted]

    def _first(self, mail: Mail, kept: list[Reason], region: RegionSaid, now: datetime) -> bool:
        """The first hand-over, once a channel takes it: "tried again on its own clock, then the other channel" (design
        §9). Only what still holds is handed over."""
        self._release(mail, [reason for reason in mail.reasons if reason not in kept])
        mail.reasons = kept
        if not kept:
            mail.status = "dropped"
            return False
        if mail.retry_at and now < mail.retry_at:
            self._look_again(mail.retry_at)
            return False
        person = self._known.people[mail.person]
        channels = open_channels(mail.person, person, kept, local_day(now, region.zone), self.unheard)
        bound = {bound_to(reason) for reason in kept}
        channels = [each for each in channels if "" in bound or each in bound]
        released = False
        turned = mail.busy_since is not None and now - mail.busy_since >= BUSY_LONG
        for channel in sorted(channels, key=lambda each: turned and each == mail.busy_channel):
            mine = [reason for reason in mail.reasons if bound_to(reason) in ("", channel)]
            others = [reason for reason in mail.reasons if reason not in mine]
            self._release(mail, others)
            released |= bool(others)
            mail.reasons = mine
            reply = self._hand_over(mail, mine, channel, now, fallback=False)
            if reply is Reply.REFUSED:
                mail.status = "failed"
                self._release(mail, mine)
                return True
            if reply is Reply.ACCEPTED:
                return released
            if not turned and not self._patience_is_over(channel, reply, now):
                break
        self._look_again(now + QUARTER)
        return released

    def _patience_is_over(self, channel: str, reply: Reply, now: datetime) -> bool:
        """Whether the other channel may be tried: this one has been away for 15 minutes."""
        return reply is Reply.AWAY and now - self._away_since[channel] >= AWAY_LONG

    def _fall_back(self, mail: Mail, kept: list[Reason], region: RegionSaid, now: datetime) -> bool:
        """Issue 9 §2.3: "when none came within 15 minutes and the alert still holds, the other channel is a further
        attempt of the same message, is the only allowed second copy, and never made in quiet hours"."""
        first = mail.attempts[0]
        look_at = first.at + (UNDELIVERED_AFTER if mail.looks else FALLBACK_AFTER)
        if mail.fell_back or now < look_at:
            return False
        others = self._others(mail, local_day(now, region.zone))
        if not others:
            mail.looks += 1  # once more before it is given up
            return False
        mine = [reason for reason in kept if bound_to(reason) in ("", others[0])]
        reply = self._hand_over(mail, mine, others[0], now, fallback=True)
        if reply in (Reply.AWAY, Reply.BUSY):
            self._look_again(now + QUARTER)
            return False
        mail.fell_back = True
        return reply is Reply.REFUSED

    def _hand_over(self, mail: Mail, reasons: list[Reason], channel: str, now: datetime, *, fallback: bool) -> Reply:
        person = self._known.people[mail.person]
        address = person.address(channel)
        reply = self._world.reply(channel, address, now)
        if reply in (Reply.AWAY, Reply.BUSY):
            mail.waited = True
            self._late |= {*reasons, ("contact", mail.person, mail.revision, "unreachable")}
        if reply is Reply.AWAY:
            self._away_since.setdefault(channel, now)
            return reply
        self._away_since.pop(channel, None)
        if reply is Reply.BUSY:
            self._put_off(mail, channel, now)
            return reply
        refused = reply is Reply.REFUSED
        receipt = self._world.receipt(channel, address, now)
        bounced = not refused and receipt is not None and receipt.bad
        marks = (refused, fallback, mail.waited, bounced)
        self.handed += [
            Handed(mail.person, revision_of(each, mail.revision), each, channel, now, *marks) for each in reasons
        ]
        if refused:
            person.close(channel, address, now)
            return reply
        self._accepted(mail, Attempt(channel, address, now, receipt, person.revision))
        return reply

    @staticmethod
    def _put_off(mail: Mail, channel: str, now: datetime) -> None:
        """docs/alerts.md: "tried again after 1, 5, 30, 120 minutes … after an hour through the person's other
        channel"."""
        mail.busy_since = mail.busy_since or now
        mail.busy = mail.busy + 1 if mail.busy_channel == channel else 1
        mail.busy_channel = channel
        again, another = now + BUSY_WAITS[min(mail.busy, len(BUSY_WAITS)) - 1], mail.busy_since + BUSY_LONG
        mail.retry_at = min(again, another) if now < another else again

    def _accepted(self, mail: Mail, attempt: Attempt) -> None:
        """Design §9: an alert is *done* "when its message was accepted by a channel without receipts, or reported
        delivered or read by one with them"."""
        mail.attempts.append(attempt)
        attempt.told = attempt.channel == EMAIL
        mail.status = "done" if attempt.told else "awaiting"
        for wait in (FALLBACK_AFTER, UNDELIVERED_AFTER):
            self._look_again(attempt.at + wait)
        if attempt.receipt:
            self._look_again(attempt.receipt.at)

    def _report(self, mail: Mail, attempt: Attempt, receipt: LaterReceipt) -> None:
        person = self._known.people[mail.person]
        if not receipt.bad:
            attempt.told = True
            mail.status = "done"
            own = attempt.revision >= person.since.get(attempt.channel, 1)
            if person.address(attempt.channel) == attempt.address and own:
                person.confirm(attempt.channel, receipt.at)
            return
        person.close(attempt.channel, attempt.address, receipt.at)
        attempt.failed, attempt.told = True, False
        others = [each for each in mail.attempts if not each.failed]
        if not others:
            # Design §9: a late failure of class recipient takes the alert out again
            mail.status = "failed"
            self._release(mail, mail.reasons)
        elif not any(each.told for each in others):
            mail.status = "awaiting"

    def _give_up(self, mail: Mail, now: datetime) -> None:
        """Design §9: "An attempt without a receipt an hour after its time to live has run out is *undelivered*"; not
        while there is another channel, for which it may only wait until the quiet hours are over."""
        hoped = [each for each in mail.attempts if not each.failed]
        if mail.status != "awaiting" or not hoped or now - hoped[-1].at < UNDELIVERED_AFTER:
            return
        day = local_day(now, self._known.regions[mail.region].zone)
        if mail.fell_back or not self._others(mail, day):
            mail.status = "undelivered"
            self.unheard |= {self._key(mail.person, mail.revision, reason) for reason in mail.reasons}

    def _others(self, mail: Mail, day: date) -> list[str]:
        """The person's channels that this message has not been through. One that only asks for an address has no
        other."""
        if all(bound_to(reason) for reason in mail.reasons):
            return []
        person = self._known.people[mail.person]
        return [each for each in person.channels(day) if each != mail.attempts[0].channel]

    def _release(self, mail: Mail, reasons: Iterable[Reason]) -> None:
        """Take the alerts out of the post, so that they are due again while they hold."""
        for key in [self._key(mail.person, mail.revision, reason) for reason in reasons]:
            if self.post.get(key) is mail:
                del self.post[key]
