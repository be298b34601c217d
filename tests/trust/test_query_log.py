"""What a lead and an administrator make the product ask of content, over all its addresses: only what is their own."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from buddying.models import Person
from tests.test_urlconf import RULES, ask, world
from trust.content import content_tables

__all__ = ["world"]

TABLES = re.compile("|".join(f'"({table})"' for table in content_tables()))

UPLOAD, CALENDAR, DOWNLOAD = {"buddying_importdraft"}, {"sessions_log_busycalendar"}, {"trust_download"}
CONVERSATIONS = {"reflection_helpthread", "reflection_helpmessage"}
# Their own: the calendar that they connected, uploads, downloads, conversations in which they are one of the two.
ANYBODYS = {
    "buddying:forget_unsent": {"buddying_unsenttext"},
    "buddying:unsent": {"buddying_unsenttext"},
    "insights:ask_for_download": DOWNLOAD,
    "insights:help": CONVERSATIONS,
    "insights:home": CONVERSATIONS,
    "insights:my_data": DOWNLOAD,
    "sessions_log:add_hours": CALENDAR,
    "sessions_log:add_leave": CALENDAR,
    "sessions_log:connect_calendar": CALENDAR,
    "sessions_log:dates": CALENDAR,
    "sessions_log:disconnect_calendar": CALENDAR,
}
A_LEADS = {
    "insights:cohort": {"reflection_helpthread"},
    "buddying:import_confirmation": UPLOAD,
    "buddying:import_preview": UPLOAD,
    "reflection:close_conversation": {"reflection_helpthread"},
    "reflection:conversation": CONVERSATIONS | {"trust_datakey"},
}
THEIR_OWN = {"Dora": ANYBODYS | A_LEADS, "Olga": ANYBODYS}


def asked_of_content(client: Client, name: str, world: Any) -> tuple[int, set[str]]:
    rule = RULES[name]
    url = reverse(name, args=rule.args(world))
    with CaptureQueriesContext(connection) as log:
        status = ask(client, rule, url).status_code
    return status, {found.group().strip('"') for query in log for found in TABLES.finditer(query["sql"])}


@pytest.mark.parametrize("who", ["Dora", "Olga"])
def test_leads_and_administrators_ask_of_content_what_is_their_own(
    who: str, world: SimpleNamespace, as_: Callable[[Person | None], Client]
) -> None:
    """A page that is not there for them (404) may have asked whether it is; the answer is from their own rows, too."""
    person, answered = Person.objects.get(name=who), {}
    for name in sorted(RULES):
        status, tables = asked_of_content(as_(person), name, world)
        if tables and status != 404:
            answered[name] = tables
    assert answered == THEIR_OWN[who]
