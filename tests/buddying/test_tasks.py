from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from buddying.models import BrowserSession, Cohort, ImportDraft, Person
from buddying.tasks import sweep


def test_forgotten_uploads_and_expired_log_ins_are_swept_and_nothing_else(
    as_: Callable[[Person], Client], cohort: Cohort, dora: Person, ada: Person
) -> None:
    fresh = ImportDraft.objects.create(cohort=cohort, owner=dora, people_text="", nominations_text="")
    old = ImportDraft.objects.create(cohort=cohort, owner=ada, people_text="", nominations_text="")
    ImportDraft.objects.filter(pk=old.pk).update(uploaded_at=timezone.now() - timedelta(days=2))
    as_(ada), as_(dora)
    kept = BrowserSession.objects.last()
    BrowserSession.objects.exclude(pk=kept.pk).update(expire_date=timezone.now() - timedelta(days=1))
    sweep()
    assert list(ImportDraft.objects.all()) == [fresh]
    assert list(BrowserSession.objects.all()) == [kept]
