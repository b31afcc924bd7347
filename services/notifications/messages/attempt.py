"""One hand-over of a message through one channel: the provider's answer to it, and what receipts reported later."""

from __future__ import annotations

from pydantic import Field

from services.notifications.messages.answer import AnswerClass
from services.notifications.state import DocumentState

BACK_OFF = (60, 300, 1800, 7200)  # seconds after the first, second … failure; the last one repeats
LEASE = 180  # seconds: longer than the whole timeout of any channel
MOST_UNANSWERED = 2  # unanswered hand-overs in a row, then no further one: the provider has probably taken both
MOST_KEPT = 20  # attempts that a message keeps; of the others only the number shows
AFTER_TTL = 3600  # seconds after the end of a hand-over's time to live at which it counts as undelivered


class Attempt(DocumentState):
    """An attempt as its message stores it. Times are machine milliseconds.

    driver: the kind of provider, empty for attempts of releases before 0.2; address_revision: of the contact's
    addresses that it used; address_number: of the address among those of the contact on this channel, 0: by a release
    that did not number them; closed_at: None while it is open, and for an unanswered one; answer: stored as `result`;
    code: the provider's code of an answer that was not ACCEPTED; provider_id: the provider's id of an accepted one;
    possibly_repeated: an earlier attempt may have been accepted; fallback: a second copy through another channel, after
    one that was accepted or never answered; receipts: whether the channel reports delivery; ttl: seconds after which
    the provider no longer delivers it; retry_at: the earliest next hand-over that a THROTTLED one asks for; template:
    `name@version` of its text; delivered_at, read_at: by the earliest receipt; failed_at, failed_code, failed_answer:
    of a receipt (or bounce) that reported a failure; expired_at: when it was given up, because no receipt had come an
    hour after its time to live.
    """

    number: int
    channel: str
    driver: str = ""
    address_revision: int = 1
    address_number: int = 0
    opened_at: int
    lease_until: int
    closed_at: int | None = None
    answer: AnswerClass | None = Field(default=None, validation_alias="result", serialization_alias="result")
    code: str | None = None
    provider_id: str = ""
    possibly_repeated: bool
    fallback: bool = False
    receipts: bool = False
    ttl: int | None = None
    retry_at: int | None = None
    template: str = ""
    delivered_at: int | None = None
    read_at: int | None = None
    failed_at: int | None = None
    failed_code: str | None = None
    failed_answer: AnswerClass | None = None
    expired_at: int | None = None

    def went_to(self, number: int, revision: int) -> bool:
        """Whether it used the address with this number, which the contact has now on its channel. revision: of the
        contact's addresses now. An attempt that does not name the address did if none was replaced or added since."""
        if self.address_number:
            return self.address_number == number
        return number <= 1 and self.address_revision == revision

    @property
    def reached(self) -> bool:
        """Whether the provider reported that the person has it, and not that the address is wrong."""
        has_it = self.delivered_at is not None or self.read_at is not None
        return has_it and self.failed_answer is not AnswerClass.RECIPIENT

    @property
    def effective(self) -> AnswerClass | None:
        """The class that decides: that of a failure that was reported later, else of the answer; None while neither is
        known. A receipt of any other kind means that the provider had accepted it."""
        if self.reached:
            return AnswerClass.ACCEPTED
        return self.failed_answer or self.answer

    @property
    def effective_code(self) -> str | None:
        """The code that goes with `effective`."""
        return self.failed_code if self.failed_answer and not self.reached else self.code

    @property
    def done(self) -> bool:
        """Whether it told the person: accepted by a channel without receipts, or reported delivered or read."""
        accepted = self.effective is AnswerClass.ACCEPTED
        return accepted and (self.reached or not self.receipts)

    @property
    def awaits_receipt(self) -> bool:
        """Accepted by a channel with receipts, without one that decides, and not given up."""
        return self.effective is AnswerClass.ACCEPTED and not self.done and self.expired_at is None

    @property
    def ended_at(self) -> int:
        """When the fact that decides became known."""
        return self.failed_at or self.closed_at or self.opened_at

    @property
    def expires_at(self) -> int:
        """When an accepted attempt without a receipt is given up."""
        return (self.closed_at or self.opened_at) + ((self.ttl or 0) + AFTER_TTL) * 1000


def attempt_id(person: str, number: int, attempt: int) -> str:
    """`<person>/<message number>/<attempt number>`: as providers know it."""
    return f"{person}/{number}/{attempt}"


def back_off(failures: int) -> int:
    """Seconds to wait after that many failures (at least one)."""
    return BACK_OFF[min(failures, len(BACK_OFF)) - 1]
