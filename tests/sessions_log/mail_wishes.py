"""What the documents promise becomes of a mail about a session, worked out a second time without the product's code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

SENT, WAITS, IN_DAILY_MAIL = "sent", "waits", "in the daily mail"
SWITCHED_OFF, MAIL_PAUSED, TOO_LATE = "switched off", "mail paused", "too late"

DAILY_AT = time(8)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Fate:
    """``until``: for what waits, when it is looked at again."""

    what: str
    until: datetime | None = None


@dataclass
class Wishes:
    zone: ZoneInfo
    reminders: str = "both"
    sessions: str = "at once"
    quiet: tuple[time, time] | None = None
    paused_until: date | None = None

    def columns(self) -> dict[str, Any]:
        quiet_from, quiet_until = self.quiet or (None, None)
        times = {"quiet_from": quiet_from, "quiet_until": quiet_until, "paused_until": self.paused_until}
        return {"reminders": self.reminders, "sessions": self.sessions} | times

    def pause_end(self, at: datetime) -> datetime | None:
        day = self.paused_until
        end = datetime(day.year, day.month, day.day, tzinfo=self.zone) if day else at
        return end if end > at else None

    def quiet_end(self, at: datetime) -> datetime | None:
        for start in self._around(at, self.quiet[0]) if self.quiet else ():
            end = start.replace(hour=self.quiet[1].hour, minute=self.quiet[1].minute)  # type: ignore[index]
            end += DAY if end <= start else timedelta()
            if start <= at < end:
                return end
        return None

    def daily_mail(self, at: datetime) -> datetime:
        from_then = self.pause_end(at) or at
        eight = next(moment for moment in self._around(from_then, DAILY_AT) if moment > from_then)
        return self.quiet_end(eight) or eight

    def edges(self, at: datetime) -> Iterator[datetime]:
        yield self.daily_mail(at)
        yield from filter(None, (self.pause_end(at), self.quiet_end(at)))

    def of_reminder(self, name: str, expires_at: datetime, at: datetime, maybe_left: bool) -> Fate:
        if self.reminders not in ("both", name):
            return Fate(SWITCHED_OFF)
        if self.pause_end(at):
            return Fate(MAIL_PAUSED)
        return self._by_the_clock(expires_at, at, passes=maybe_left or name == "hour")

    def of_booking(self, starts_at: datetime, at: datetime, maybe_left: bool) -> Fate:
        if self.sessions == "never":
            return Fate(SWITCHED_OFF)
        if self.pause_end(at) and self.daily_mail(at) >= starts_at:
            return Fate(MAIL_PAUSED)
        to_gather = self.pause_end(at) or self.sessions == "daily"
        if to_gather and not maybe_left and self.daily_mail(at) < starts_at:
            return Fate(IN_DAILY_MAIL)
        return self._by_the_clock(starts_at, at, passes=maybe_left or starts_at <= at + DAY)

    def of_change(self, starts_at: datetime, expires_at: datetime, at: datetime, maybe_left: bool) -> Fate:
        """Neither a switch nor a pause keeps anybody from knowing that a session has moved or is off."""
        return self._by_the_clock(expires_at, at, passes=maybe_left or starts_at <= at + DAY)

    def _by_the_clock(self, expires_at: datetime, at: datetime, passes: bool) -> Fate:
        end = None if passes else self.quiet_end(at)
        return Fate(WAITS, end) if end and end < expires_at else Fate(SENT)

    def _around(self, at: datetime, clock: time) -> list[datetime]:
        """When clocks show that, from the day before until the day after. The zone is one whose clocks never change."""
        midnight = at.astimezone(self.zone).replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)
        return [midnight + days * DAY for days in (-1, 0, 1)]
