"""Does the door answer sooner for addresses it does not know? ``python -m bench.doors`` on a database of its own.

Asks for codes for known and unknown addresses in turn, in one process without a network, and compares medians. The
difference of medians is bootstrapped; a span that holds 0 says that so many tries do not tell them apart.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import time

import django

ROUNDS = 400
LOGIN = "/accounts/login/code/"


def ask(address: str) -> float:
    from django.test import Client

    client = Client()
    client.get(LOGIN)
    since = time.perf_counter()
    answer = client.post(LOGIN, {"email": address})
    took = time.perf_counter() - since
    assert answer.status_code == 302, answer.status_code
    return took * 1000


def spread(known: list[float], unknown: list[float]) -> tuple[float, float]:
    """95 % of the bootstrapped difference of medians, in milliseconds."""
    dice = random.Random(1)
    found = sorted(
        statistics.median(dice.choices(known, k=len(known))) - statistics.median(dice.choices(unknown, k=len(unknown)))
        for _ in range(2000)
    )
    return found[50], found[-51]


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "buddying.settings")
    django.setup()
    from django.conf import settings
    from django.db import transaction

    from buddying.models import Person

    settings.ACCOUNT_RATE_LIMITS = {"request_login_code": "1000000/m/ip"}
    times: dict[str, list[float]] = {"known": [], "unknown": []}
    with transaction.atomic():
        Person.objects.bulk_create(Person(email=f"known{n}@example.org", name="K") for n in range(ROUNDS + 20))
        for number in range(ROUNDS + 20):
            turn = ["known", "unknown"]
            random.Random(number).shuffle(turn)
            for kind in turn:
                took = ask(f"{kind}{number}@example.org")
                if number >= 20:  # warm
                    times[kind].append(took)
        transaction.set_rollback(True)
    low, high = spread(times["known"], times["unknown"])
    for kind, taken in times.items():
        print(
            f"{kind:<8} median {statistics.median(taken):6.2f} ms, p95 {sorted(taken)[int(len(taken) * 0.95)]:6.2f} ms"
        )
    print(f"known − unknown: {low:+.2f} … {high:+.2f} ms (95 %, {ROUNDS} tries each)")
    sys.exit(0)


if __name__ == "__main__":
    main()
