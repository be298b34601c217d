"""What erasing an account means for who the person was: cohorts left, roles given back, address and log-ins gone."""

from __future__ import annotations

from datetime import datetime

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import ForeignKey
from django.utils import translation
from django.utils.translation import gettext as _

from buddying import devices, joining, letters
from buddying.models import Organisation, Person, Programme, RoleGrant
from buddying.models.people import somebody
from buddying.words import listed
from outbox.kinds import letter
from outbox.models import DropReason, Message
from trust import erasing
from trust.holdings import ORDER

KEPT = {LogEntry}


def register_steps() -> None:
    """Of steps that come first, the one registered last is the first of all."""
    erasing.register(first=say_goodbye, last=give_back_roles)
    erasing.register(first=joining.leave_all, last=pass_on_reports)
    erasing.register(first=hold_programmes, last=silence)
    erasing.register(last=end_log_ins)
    erasing.register(last=forget_log_ins_and_devices)
    erasing.register_obstacle(leads_alone)
    erasing.register_obstacle(administers_alone)


def leads_alone(person: Person) -> str | None:
    alone = Programme.objects.led_by_nobody_but([person]).going_on()
    if not alone:
        return None
    names = listed(_("“%(name)s”") % {"name": programme} for programme in alone)
    return _("There is no other lead of %(names)s yet. Please add one first, so that nobody there is left alone.") % {
        "names": names
    }


def administers_alone(person: Person) -> str | None:
    grants = RoleGrant.objects.live().filter(role=RoleGrant.ADMINISTRATOR, person__deactivated_at=None)
    if not grants.filter(person=person).exists() or grants.exclude(person=person).exists():
        return None
    return _("There is no other administrator yet. Please make somebody one first.")


# First: names and addresses are still there.


def hold_programmes(person: Person, at: datetime) -> None:
    """Two leads who go at the same moment do not leave a programme to nobody."""
    list(Programme.objects.select_for_update(no_key=True).filter(leads__person=person).order_by("pk").values_list("pk"))
    if not person.erased_at and (sentence := leads_alone(person)):
        raise erasing.NotYet(sentence)


def say_goodbye(person: Person, at: datetime) -> None:
    if person.email:
        with translation.override(person.language):
            written = letter(letters.ERASED, {"person": person, "organisation": Organisation.current()})
        letters.post_last_letter(written, person, "goodbye")


# Last: nobody is told any more.


def give_back_roles(person: Person, at: datetime) -> None:
    person.role_grants.live().update(revoked_at=at)


def pass_on_reports(person: Person, at: datetime) -> None:
    """Their reports now report to whoever was above them, so that a line of management is not broken."""
    reports = Person.objects.filter(manager=person)
    reports.exclude(pk=person.manager_id).update(manager=person.manager_id)
    reports.update(manager=None)


def silence(person: Person, at: datetime) -> None:
    """Nothing is sent to them but the last letters, and no row knows their address."""
    gone = {"dropped_at": at, "drop_reason": DropReason.PERSON_DEACTIVATED, "claimed_until": None, "claim_token": None}
    Message.objects.waiting().filter(recipient=person).update(**gone)
    if person.email:
        to_address = Message.objects.filter(address__iexact=person.email).exclude(kind=letters.ERASED)
        to_address.waiting().update(**gone)
        to_address.update(address="", recipient=person, params={})


def end_log_ins(person: Person, at: datetime) -> None:
    devices.end_all_of(person)


def forget_log_ins_and_devices(person: Person, at: datetime) -> None:
    """Rows of packages that belong to them: addresses, devices. The admin's log keeps what was done, not to whom."""
    for relation in Person._meta.related_objects:
        model = relation.related_model
        if model._meta.app_label not in ORDER and model not in KEPT and isinstance(relation.field, ForeignKey):
            model._base_manager.filter(**{relation.field.name: person}).delete()
    about = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(Person), object_id=str(person.pk))
    about.update(object_repr=somebody())
    grants = [str(pk) for pk in person.role_grants.values_list("pk", flat=True)]
    about_roles = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(RoleGrant))
    about_roles.filter(object_id__in=grants).update(object_repr=somebody())
