"""What an administrator can do next, once and while programmes run."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from buddying.models import Organisation, Person, Programme
from insights.step import Step


def steps_of(person: Person) -> list[Step]:
    if not person.is_administrator:
        return []
    left_alone = [_add_a_lead(programme) for programme in Programme.objects.without_lead().going_on()]
    return [*left_alone, _overview()] if Organisation.objects.exists() else [_introduce(), *left_alone, _overview()]


def _add_a_lead(programme: Programme) -> Step:
    return Step(
        3,
        _("Add a lead to %(programme)s") % {"programme": programme},
        _("Nobody who leads it can log in any more, and its people have nobody to turn to."),
        f"{reverse('buddying:programme', args=[programme.pk])}#leads",
        _("Choose a lead"),
        "user-plus",
    )


def _introduce() -> Step:
    return Step(
        4,
        _("Say which organisation this is"),
        _("Its name, whom people can turn to, a logo and a colour. You can change all of it later."),
        reverse("buddying:organisation"),
        _("Name the organisation"),
        "settings",
    )


def _overview() -> Step:
    return Step(
        9,
        _("See how all cohorts are getting on"),
        _("Totals only, month by month, and how mail is doing."),
        reverse("insights:overview"),
        _("Open the overview"),
        "chart-column",
    )
