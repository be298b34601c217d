"""How long a lead waits for each page of a large draft, and how many queries it asks.

    python -m bench.programme 10000
    python -m bench.board RUN [--publish]

RUN is the number that bench.programme has printed. Publishing changes the database for good.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from typing import Any

import django

MOVE = "swap"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("run", type=int)
    asked.add_argument("--lead", default="dora@demo.example")
    asked.add_argument("--publish", action="store_true")
    given = asked.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "buddying.settings")
    django.setup()
    from django.test.utils import setup_test_environment

    setup_test_environment()
    _look(given)
    if given.publish:
        _publish(given)


def _look(given: argparse.Namespace) -> None:
    from buddying.models import Participant
    from matching.models import MatchRun

    run, browser = MatchRun.objects.defer("snapshot", "plan").get(pk=given.run), _browser(given.lead)
    drafted = Participant.objects.filter(proposals__run=run).order_by("proposals__number", "pk")
    two = {"a": drafted[14].pk, "b": drafted[18].pk}
    page = f"/runs/{run.pk}/"
    _timed("the draft's page", lambda: browser.get(page))
    _timed("the same, a later page", lambda: browser.get(page, {"page": 20}))
    _timed("the same, one name", lambda: browser.get(page, {"find": "ada nov"}, headers={"HX-Target": "proposed"}))
    _timed("asking before publishing", lambda: browser.get(f"{page}publication/"))
    _timed("the picture", lambda: browser.get(f"{page}picture/"))
    _timed("typing a name to change", lambda: browser.get(f"{page}editing/people/", {"find": "ada nov"}))
    answer = _timed("two people, what each change costs", lambda: browser.get(f"{page}editing/", two))
    seen = answer.context["page"].desk.seen
    moves = [option.name for option in answer.context["page"].options() if not option.refused]
    move = next((name for name in moves if name.startswith(MOVE)), moves[0])
    _timed(f"doing it ({move})", lambda: browser.post(f"{page}editing/", {**two, "seen": seen, "move": move}))
    seen = browser.get(f"{page}editing/", two).context["page"].desk.seen
    _timed("undoing it", lambda: browser.post(f"{page}editing/undoing/", {"seen": seen}))


def _publish(given: argparse.Namespace) -> None:
    from matching.models import MatchRun
    from matching.publishing_later import publish_asked

    browser = _browser(given.lead)
    _timed(
        "asking for it to be published", lambda: browser.post(f"/runs/{given.run}/publication/", {"confirmed": "yes"})
    )
    _timed("the page meanwhile", lambda: browser.get(f"/runs/{given.run}/"))
    _timed("publishing, by a worker", lambda: publish_asked(given.run))
    _timed("the cohort's page afterwards", lambda: browser.get(f"/cohorts/{_cohort(given.run)}/"))
    _timed("the pairings afterwards", lambda: browser.get(f"/cohorts/{_cohort(given.run)}/pairings/"))
    _timed("the published draft", lambda: browser.get(f"/runs/{given.run}/"))
    print("published:", MatchRun.objects.filter(pk=given.run, published_at__isnull=False).exists())


def _cohort(run: int) -> int:
    from matching.models import MatchRun

    return MatchRun.objects.values_list("cohort", flat=True).get(pk=run)


def _browser(address: str) -> Any:
    from django.test import Client

    from buddying.models import Person

    browser = Client()
    browser.force_login(Person.objects.get(email=address))
    return browser


def _timed(what: str, ask: Callable[[], Any]) -> Any:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    begun, worked = time.perf_counter(), time.process_time()
    with CaptureQueriesContext(connection) as queries:
        answer = ask()
    seconds, own = time.perf_counter() - begun, time.process_time() - worked
    page = f"{answer.status_code} {len(answer.content) // 1024:,} kB" if answer else ""
    print(f"{what:40} {seconds:7.2f} s ({own:.2f} at work) {len(queries):5} queries   {page}", flush=True)
    return answer


if __name__ == "__main__":
    main()
