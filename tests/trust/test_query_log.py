"""What a lead and an administrator make the product ask of content, over all its addresses: only what is their own."""

from __future__ import annotations

import re
from collections import defaultdict
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

EXPECTED: dict[str, set[str]] = {}


def asked_of_content(client: Client, name: str, world: Any) -> set[str]:
    rule = RULES[name]
    url = reverse(name, args=rule.args(world))
    with CaptureQueriesContext(connection) as log:
        ask(client, rule, url)
    return {found.group().strip('"') for query in log for found in TABLES.finditer(query["sql"])}


@pytest.mark.parametrize("who", ["Dora", "Olga"])
def test_leads_and_administrators_ask_nothing_of_content(
    who: str, world: SimpleNamespace, as_: Callable[[Person | None], Client]
) -> None:
    touched = defaultdict(set)
    for name in sorted(RULES):
        if found := asked_of_content(as_(Person.objects.get(name=who)), name, world):
            touched[name] |= found
    assert touched == EXPECTED
