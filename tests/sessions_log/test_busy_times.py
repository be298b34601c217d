"""Reading calendar files, some of them nasty."""

from __future__ import annotations

import time as clock
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sessions_log.busy_times import Unreadable, busy_times, read_apart

BERLIN = ZoneInfo("Europe/Berlin")
START, END = datetime(2026, 11, 20, tzinfo=UTC), datetime(2027, 3, 20, tzinfo=UTC)


def calendar(*events: str, more: str = "") -> bytes:
    body = "".join(
        f"BEGIN:VEVENT\nUID:{number}\nDTSTAMP:20261101T000000Z\n{event}\nEND:VEVENT\n"
        for number, event in enumerate(events)
    )
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//T//T//EN\n{more}{body}END:VCALENDAR\n".replace(
        "\n", "\r\n"
    ).encode()


def busy(*events: str, more: str = "") -> list[str]:
    found = busy_times(calendar(*events, more=more), BERLIN, START, END)
    assert found is not None
    return [f"{begins:%d.%m. %H:%M}-{ends:%H:%M}" for begins, ends in found]


MEETING = "SUMMARY:Secret\nDTSTART:20261124T090000Z\nDTEND:20261124T100000Z"


def test_an_event_is_busy() -> None:
    assert busy(MEETING) == ["24.11. 09:00-10:00"]


@pytest.mark.parametrize(
    "line",
    [
        "TRANSP:TRANSPARENT",
        "STATUS:CANCELLED",
        "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
        "status:cancelled",
        "transp:transparent",
    ],
)
def test_what_is_free_or_cancelled_is_not(line: str) -> None:
    assert busy(f"{MEETING}\n{line}") == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", []),
        ("TRANSP:TRANSPARENT", []),
        ("TRANSP:OPAQUE", ["23.11. 23:00-23:00"]),
        ("X-MICROSOFT-CDO-BUSYSTATUS:OOF", ["23.11. 23:00-23:00"]),
        ("TRANSP:OPAQUE\nX-MICROSOFT-CDO-BUSYSTATUS:FREE", []),
    ],
)
def test_whole_days_count_where_they_say_so(line: str, expected: list[str]) -> None:
    assert busy(f"DTSTART;VALUE=DATE:20261124\nDTEND;VALUE=DATE:20261125\n{line}".strip()) == expected


def test_floating_times_are_the_owners() -> None:
    assert busy("DTSTART:20261124T090000\nDTEND:20261124T100000") == ["24.11. 08:00-09:00"]


def test_a_zone_from_windows_is_understood() -> None:
    zone = "DTSTART;TZID=Eastern Standard Time:20261124T090000\nDTEND;TZID=Eastern Standard Time:20261124T100000"
    assert busy(zone) == ["24.11. 14:00-15:00"]


def test_repeated_events_but_for_what_is_taken_out_or_moved() -> None:
    weekly = "DTSTART;TZID=Europe/Berlin:20261102T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=6"
    out = "EXDATE;TZID=Europe/Berlin:20261130T090000"
    moved = MEETING.replace("SUMMARY:Secret", "UID:0\nRECURRENCE-ID;TZID=Europe/Berlin:20261123T090000").replace(
        "1124T", "1125T"
    )
    content = calendar(f"{weekly}\n{out}", moved).replace(b"UID:1\r\n", b"")
    found = busy_times(content, BERLIN, START, END)
    assert found == [
        (datetime(2026, 11, 25, 9, tzinfo=UTC), datetime(2026, 11, 25, 10, tzinfo=UTC)),
        (datetime(2026, 12, 7, 8, tzinfo=UTC), datetime(2026, 12, 7, 9, tzinfo=UTC)),
    ]


def test_nine_stays_nine_over_a_change_of_the_clock() -> None:
    london = "DTSTART;TZID=Europe/London:20270315T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=3"
    found = busy_times(calendar(london), BERLIN, START, END + timedelta(days=30))
    assert found is not None
    assert [begins.hour for begins, _ in found] == [9, 9, 8]


def test_what_touches_is_joined_and_nothing_reaches_past_the_span() -> None:
    assert busy(MEETING, "DTSTART:20261124T100000Z\nDURATION:PT1H", "DTSTART:20261124T093000Z\nDURATION:PT5M") == [
        "24.11. 09:00-11:00"
    ]
    long = busy_times(calendar("DTSTART:20200101T000000Z\nDTEND:20300101T000000Z"), BERLIN, START, END)
    assert long == [(START, END)]


def test_an_event_without_length_keeps_nobody_busy() -> None:
    assert busy("DTSTART:20261124T090000Z", "DTSTART:20261124T100000Z\nDTEND:20261124T100000Z") == []


def test_one_bad_series_does_not_hide_the_others() -> None:
    assert busy("DTSTART:20261124T110000Z\nDTEND:20261124T120000Z\nRRULE:FREQ=NONSENSE", MEETING) == [
        "24.11. 09:00-10:00"
    ]


# --- in a process of its own


def test_read_apart_gives_the_same() -> None:
    content = b"\xef\xbb\xbf" + calendar(MEETING, "DTSTART:20261125T090000\nDURATION:PT30M")
    assert read_apart(content, "Europe/Berlin", START, END) == busy_times(content, BERLIN, START, END)
    assert read_apart(calendar(), "Europe/Berlin", START, END) == []


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"<!doctype html><p>Log in", "page"),
        (b"", "page"),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:nonsense\r\nEND", "unreadable"),
        (b"BEGIN:VCALENDAR\r\n\x00\xff\xfe;;;:::\r\n" * 50, "unreadable"),
    ],
)
def test_what_is_no_calendar_is_said(content: bytes, problem: str) -> None:
    with pytest.raises(Unreadable) as found:
        read_apart(content, "Europe/Berlin", START, END)
    assert found.value.problem == problem


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15;BYMINUTE=0,1,2,3,4,5,6,7,8,9,10,11;BYSECOND=0,9,19,29,39,49",
    ],
)
def test_a_repetition_without_measure_ends_with_its_process(rule: str) -> None:
    began = clock.monotonic()
    with pytest.raises(Unreadable) as found:
        read_apart(calendar(f"DTSTART:19700101T000000Z\nDURATION:PT1S\nRRULE:{rule}"), "Europe/Berlin", START, END)
    assert found.value.problem == "large"
    assert clock.monotonic() - began < 20


def test_the_process_knows_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    import subprocess

    seen = {}
    run = subprocess.run
    monkeypatch.setattr(subprocess, "run", lambda *args, **more: seen.update(more) or run(*args, **more))
    read_apart(calendar(MEETING), "Europe/Berlin", START, END)
    assert seen["env"] == {}
