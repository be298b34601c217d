"""What people wrote in a cohort is kept for a while after its end, then erased; the trail of looks is kept for longer.

How long stands on the programme. Everybody concerned is told two weeks before, by mail and on screen. Rows say what is
due, so whoever comes late does what is left.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from buddying.models import Cohort, ContentEnd, Participant
from buddying.models.programmes import TRAIL_DAYS
from outbox.hours import in_daytime
from outbox.kinds import Letter, letter
from outbox.models import Message
from outbox.posting import Draft, post_many
from trust import holdings
from trust.acting import Purpose, acting_as_system
from trust.models import AccessRecord

NOTICE = timedelta(days=14)
MAIL = "content_ends"

Scope = Callable[[Cohort, datetime], QuerySet]

# Whose rows go with a cohort's content: a name that holdings use, and what it stands for. Higher floors put in theirs.
scopes: dict[str, Scope] = {
    "cohort": lambda cohort, at: Cohort.objects.filter(pk=cohort.pk),
    "participant": lambda cohort, at: Participant.objects.filter(cohort=cohort),
}

# What no scope says: keys that are destroyed, and what is taken out of rows that stay. In the same transaction.
clearers: list[Callable[[Cohort, datetime], None]] = []

# What became due after a cohort's content was erased.
later: list[Callable[[datetime], None]] = []


def see_to_it(at: datetime | None = None) -> None:
    """For the reconciler."""
    at = at or timezone.now()
    announce_what_is_near(at)
    erase_what_is_due(at)
    for clear in later:
        with acting_as_system(Purpose.ERASING):
            clear(at)
    erase_old_looks(at)


def planned_for(cohort: Cohort) -> date:
    return cohort.ends_on + timedelta(days=cohort.programme.content_days)


def content_end_of(cohort: Cohort) -> ContentEnd | None:
    """As announced."""
    return ContentEnd.objects.filter(cohort=cohort).first()


def _ended(at: datetime) -> QuerySet[Cohort]:
    over = Cohort.objects.filter(ends_on__lt=at.date() + timedelta(days=1))
    return over.exclude(content_end__erased_at__isnull=False).select_related("programme")


def announce_what_is_near(at: datetime) -> None:
    for cohort in _ended(at):
        with transaction.atomic():
            _announce(cohort, at)


def _announce(cohort: Cohort, at: datetime) -> None:
    """A programme that keeps longer takes an announcement back, one that keeps shorter hastens none."""
    today, planned = at.astimezone(cohort.zone).date(), planned_for(cohort)
    announced = ContentEnd.objects.select_for_update().filter(cohort=cohort).first()
    if planned - NOTICE > today:
        ContentEnd.objects.filter(cohort=cohort, erased_at=None).delete()
    elif announced is None or announced.ends_on < planned:
        values = {"ends_on": max(planned, today + NOTICE), "announced_at": at}
        ContentEnd.objects.update_or_create(cohort=cohort, defaults=values)
        _tell(cohort, values["ends_on"], at)


def _tell(cohort: Cohort, ends_on: date, at: datetime) -> None:
    """Also those who left on the way: they may have written something before."""
    joined = cohort.participants.filter(joined_at__isnull=False, person__deactivated_at=None)
    post_many(
        Draft(
            MAIL,
            f"{MAIL}:{cohort.pk}:{ends_on}:{participant.person_id}",
            to=participant.person,
            due_at=in_daytime(participant.person, at),
            expires_at=datetime.combine(ends_on, time.min, tzinfo=cohort.zone),
            about_id=cohort.pk,
            params={"ends_on": str(ends_on)},
            cohort_id=cohort.pk,
        )
        for participant in joined.select_related("person")
    )


def content_ends(message: Message) -> Letter | None:
    """None once another day was announced."""
    standing = ContentEnd.objects.filter(
        cohort_id=int(message.about_id), erased_at=None, ends_on=message.params["ends_on"]
    )
    found = standing.select_related("cohort__programme").first()
    if found is None or message.recipient is None:
        return None
    return letter(MAIL, letter_context(message.recipient, found.cohort, found.ends_on, reverse("insights:my_data")))


def letter_context(person: object, cohort: Cohort, ends_on: date, page: str) -> dict[str, object]:
    return {
        "person": person,
        "cohort": cohort,
        "ends_on": ends_on,
        "action_url": settings.BASE_URL + page,
        "action_label": _("Download what is yours"),
    }


def erase_what_is_due(at: datetime) -> None:
    announced = ContentEnd.objects.filter(erased_at=None, ends_on__lte=at.date() + timedelta(days=1))
    for row in announced.select_related("cohort__programme"):
        if row.ends_on <= at.astimezone(row.cohort.zone).date():
            end_content(row.cohort, at)


@transaction.atomic
def end_content(cohort: Cohort, at: datetime) -> None:
    """Idempotent."""
    row = ContentEnd.objects.select_for_update().get(cohort=cohort)
    if row.erased_at is None:
        with acting_as_system(Purpose.ERASING):
            clear({name: scope(cohort, at) for name, scope in scopes.items()})
            for more in clearers:
                more(cohort, at)
        row.erased_at = at
        row.save(update_fields=["erased_at"])


def clear(of: Mapping[str, QuerySet]) -> None:
    """The rows of every holding that goes with one of these scopes; a row that stays is emptied."""
    for holding in holdings.all_holdings():
        scope, path = holding.content_of or ("", "")
        if scope in of:
            rows = holding.rows.filter(**{f"{path}__in": of[scope].values("pk")})
            if holding.ends_blank:
                rows.update(**holding.blank)
            else:
                rows.delete()


def erase_old_looks(at: datetime) -> None:
    """As long as its programme says; what belongs to no cohort, as long as is usual."""
    kept = Cohort.objects.values_list("programme__trail_days", "pk")
    by_days: dict[int, list[int]] = {}
    for days, cohort in kept:
        by_days.setdefault(days, []).append(cohort)
    for days, cohorts in by_days.items():
        AccessRecord.objects.filter(cohort_id__in=cohorts, seen_at__lt=at - timedelta(days=days)).delete()
    AccessRecord.objects.filter(cohort_id=None, seen_at__lt=at - timedelta(days=TRAIL_DAYS)).delete()
