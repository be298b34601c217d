"""What an administrator can do next, once and while programmes run."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from buddying.models import Organisation, Person
from insights.step import Step


def steps_of(person: Person) -> list[Step]:
    if not person.is_administrator:
        return []
    return [_overview()] if Organisation.objects.exists() else [_introduce(), _overview()]


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
