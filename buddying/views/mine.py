from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from buddying.models import Participant


def my_participation(request: HttpRequest, cohort_pk: int) -> Participant:
    """The reader's own place in the cohort; 404 for everybody who is not in it now."""
    present = Participant.objects.present().visible_to(request.user)
    mine = present.filter(person=request.user.pk).select_related("cohort__programme", "person")
    return get_object_or_404(mine, cohort=cohort_pk)
