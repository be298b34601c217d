"""The eight main pages, and the people of the demo who open them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Page:
    name: str
    path: str
    cookie: str = ""


def main_pages() -> list[Page]:
    from insights.demo_cast import address
    from matching.models import Pairing
    from reflection.models import ReflectionPrompt
    from sessions_log.models import CoachingSession

    ada, dora, olga = (_person(address(name)) for name in ("Ada", "Dora", "Olga"))
    pairing = Pairing.objects.filter(members__participant__person=ada).latest("opened_at")
    over = CoachingSession.objects.filter(pairing=pairing, held_at__isnull=False).latest("starts_at")
    prompt = ReflectionPrompt.objects.get(person=ada, answered_at=None)
    wishing, choosing = _who_chooses()
    hers = _logged_in(ada)
    return [
        Page("landing", "/"),
        Page("participant’s home", "/", hers),
        Page("nominate", f"/cohorts/{choosing.pk}/nominations/", _logged_in(wishing)),
        Page("book", f"/pairings/{pairing.pk}/sessions/new/", hers),
        Page("log", f"/sessions/{over.pk}/log/", hers),
        Page("reflect", f"/reflections/{prompt.pk}/", hers),
        Page("lead’s cohort", f"/cohorts/{pairing.cohort_id}/", _logged_in(dora)),
        Page("administrator’s overview", "/overview/", _logged_in(olga)),
    ]


def _person(address: str) -> Any:
    from buddying.models import Person

    return Person.objects.with_address(address).get()


def _who_chooses() -> tuple[Any, Any]:
    """Somebody of the cohort that still signs up, with a profile and wishes."""
    from buddying.models import Cohort, Nomination

    cohort = Cohort.objects.latest("nominations_close_on")
    wish = Nomination.objects.filter(nominator__cohort=cohort).select_related("nominator__person").first()
    assert wish, "nobody of the demo has named anybody"
    return wish.nominator.person, cohort


def _logged_in(person: Any) -> str:
    """The key of a log-in, with the second factor that a role needs."""
    from allauth.mfa.models import Authenticator
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from buddying.second_factor import Adapter
    from buddying.sessions import SessionStore

    secret = {"secret": Adapter().encrypt("A" * 32)}
    Authenticator.objects.get_or_create(user=person, type=Authenticator.Type.TOTP, defaults={"data": secret})
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "buddying.second_factor.Backend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return str(session.session_key)
