from __future__ import annotations

from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from buddying.models import Participant


def my_participation(request: HttpRequest, cohort_pk: int) -> Participant:
    """The reader's own place in the cohort; 404 for everybody who is not in it now.

    Only somebody who is ``in_several`` has to be told which of them a page is about.
    """
    elsewhere = Participant.objects.of(request.user).exclude(cohort=OuterRef("cohort"))
    present = Participant.objects.present().visible_to(request.user).annotate(in_several=Exists(elsewhere))
    mine = present.filter(person=request.user.pk).select_related("cohort__programme", "person")
    return get_object_or_404(mine, cohort=cohort_pk)
