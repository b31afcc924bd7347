"""What an alert policy must keep to. Nothing here may silence alerts: a statutory reminder can be deferred, not muted.
Sentences in Bahasa Indonesia, for the curator."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time

from services.notifications.reminders.policy.alert_policy import AlertPolicy
from shared.faults import Flaw

MOST_STAGES = 12  # before the deadline, and after it
LONGEST_BEFORE, LONGEST_AFTER = 365, 180  # days
MOST_QUIET_DAYS = 5  # of a week
LEAST_AWAKE = 4 * 60  # minutes of a day
MOST_PER_PERSON, MOST_PER_REGION = 20, 1_000_000  # messages a day


def flaws_of(policy: AlertPolicy, today: date) -> list[Flaw]:
    """Everything that is wrong with a new revision. today: the region's local day."""
    return [*_ladder(policy), *_roles(policy), *_quiet(policy), *_caps(policy), *_days(policy, today)]


def _ladder(policy: AlertPolicy) -> Iterator[Flaw]:
    for name, days, longest in (("before", policy.before, LONGEST_BEFORE), ("after", policy.after, LONGEST_AFTER)):
        if not 1 <= len(days) <= MOST_STAGES:
            yield Flaw(name, "count", f"harus memuat 1 sampai {MOST_STAGES} tahap")
        if any(not 1 <= each <= longest for each in days):
            yield Flaw(name, "range", f"setiap tahap harus 1 sampai {longest} hari")
        if list(days) != sorted(set(days), reverse=name == "before"):
            order = "menurun" if name == "before" else "menaik"
            yield Flaw(name, "order", f"harus urut {order} dan tidak berulang")
    if policy.after and policy.after[0] != 1:
        yield Flaw("after", "first", "tahap pertama setelah tenggat harus 1 hari")


def _roles(policy: AlertPolicy) -> Iterator[Flaw]:
    if "officer" not in policy.roles:
        yield Flaw("roles", "officer", "pengelola (officer) harus disebut")
    for name, roles in (("roles", policy.roles), ("report_roles", policy.report_roles)):
        if len(set(roles)) != len(roles):
            yield Flaw(name, "repeated", "tidak boleh berulang")
    if not policy.report_roles:
        yield Flaw("report_roles", "missing", "sedikitnya satu peran harus menerima laporan")


def _quiet(policy: AlertPolicy) -> Iterator[Flaw]:
    if len(set(policy.quiet_days)) != len(policy.quiet_days) or any(not 1 <= day <= 7 for day in policy.quiet_days):  # noqa: PLR2004 - ISO weekdays
        yield Flaw("quiet_days", "malformed", "harus hari 1 (Senin) sampai 7 (Minggu), tidak berulang")
    elif len(policy.quiet_days) > MOST_QUIET_DAYS:
        yield Flaw("quiet_days", "count", f"paling banyak {MOST_QUIET_DAYS} hari dalam sepekan")
    for name in ("quiet_from", "quiet_until"):
        hour: time = getattr(policy, name)
        if hour.tzinfo is not None or hour.second or hour.microsecond:
            yield Flaw(name, "malformed", "harus jam dan menit setempat, misalnya 19:00")
    if _awake(policy) < LEAST_AWAKE:
        yield Flaw("quiet_until", "awake", f"harus tersisa sedikitnya {LEAST_AWAKE // 60} jam sehari untuk mengirim")


def _caps(policy: AlertPolicy) -> Iterator[Flaw]:
    for name, most in (("person_cap", MOST_PER_PERSON), ("region_cap", MOST_PER_REGION)):
        if not 1 <= getattr(policy, name) <= most:
            yield Flaw(name, "range", f"harus 1 sampai {most} pesan sehari")


def _days(policy: AlertPolicy, today: date) -> Iterator[Flaw]:
    if not 1 <= policy.report_weekday <= 7:  # noqa: PLR2004 - ISO weekdays
        yield Flaw("report_weekday", "range", "harus hari 1 (Senin) sampai 7 (Minggu)")
    if all(day in policy.quiet_days for day in range(policy.report_weekday, 8)):
        yield Flaw("report_weekday", "quiet", "laporan tidak akan pernah terkirim: sisa pekan adalah hari tenang")
    if policy.from_day < today:
        yield Flaw("from_day", "past", "tidak boleh sebelum hari ini: kebijakan tidak berlaku surut")


def _awake(policy: AlertPolicy) -> int:
    """Minutes of a day outside the quiet hours."""
    begins, ends = (each.hour * 60 + each.minute for each in (policy.quiet_from, policy.quiet_until))
    return 24 * 60 - ((ends - begins) % (24 * 60))
