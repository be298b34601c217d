"""Django's admin: configuration and people. No content, no deleting, no passwords."""

from __future__ import annotations

from typing import Any

from allauth.account import admin as allauth_admin  # noqa: F401 - registers what is taken out below
from allauth.account.models import EmailAddress
from allauth.mfa import admin as mfa_admin  # noqa: F401 - likewise
from allauth.mfa.models import Authenticator
from allauth.socialaccount import admin as socialaccount_admin  # noqa: F401 - likewise
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin, messages
from django.contrib.auth import admin as auth_admin  # noqa: F401 - likewise
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from buddying.deactivating import LastAdministrator, deactivate, reactivate
from buddying.models import Cohort, Organisation, Person, Programme, RoleGrant
from buddying.people import ensure_address
from trust.trail import note_look

admin.site.unregister(EmailAddress)  # a person's address is changed on the person
admin.site.unregister(Group)  # roles are RoleGrants
admin.site.unregister([Authenticator, SocialAccount, SocialApp, SocialToken])  # everybody's own business


class Kept(admin.ModelAdmin):
    """Nothing is deleted here: rows end with a date, and a person's data is erased by their own request."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Only the filters on show: an address made up by hand could ask who sits in which session."""
        on_show = lookup.split("__")[0] in self.list_filter
        return on_show and super().lookup_allowed(lookup, value, request)


class Noting(Kept):
    """Whoever sees a list of people here leaves a trace that they can see."""

    PURPOSE = gettext_noop("saw your name in a list of the configuration")

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        found = super().get_changelist_instance(request)
        note_look(request.user, map(self.person_of, found.result_list), self.PURPOSE)
        return found

    def person_of(self, row: Any) -> Person:
        return row.person


@admin.register(Organisation)
class OrganisationAdmin(Kept):
    fields = ["name", "contact_email", "support_contacts"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return not Organisation.objects.exists()

    def save_model(self, request: HttpRequest, obj: Organisation, form: Any, change: bool) -> None:
        obj.pk = 1
        obj.save()


@admin.register(Person)
class PersonAdmin(Noting):
    list_display = ["name", "email", "team", "deactivated_at"]
    search_fields = ["name", "email", "team"]
    fields = [
        "name",
        "email",
        "team",
        "department",
        "level",
        "place",
        "manager",
        "time_zone",
        "language",
        "deactivated_at",
    ]
    autocomplete_fields = ["manager"]
    actions = ["close_accounts", "open_accounts"]

    def person_of(self, row: Any) -> Person:
        return row

    def get_queryset(self, request: HttpRequest) -> QuerySet[Person]:
        return super().get_queryset(request).filter(erased_at=None)

    def get_readonly_fields(self, request: HttpRequest, obj: Person | None = None) -> list[str]:
        """Whoever has logged in may have written something, and with their address comes all of it."""
        always = ["deactivated_at"]
        return [*always, "email"] if obj and obj.last_login else always

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Whoever opens a record here leaves a trace that its person can see."""
        person = super().get_object(request, object_id, from_field)
        if person is not None:
            seen = [person, *filter(None, [person.manager])]
            note_look(request.user, seen, gettext_noop("looked at your record in the configuration"))
        return person

    def save_model(self, request: HttpRequest, obj: Person, form: Any, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        obj.unproved_since = None  # an administrator stands for who it is
        obj.save()
        ensure_address(obj)

    @admin.action(description=_("Close these accounts: log out everywhere, leave cohorts, send nothing more"))
    def close_accounts(self, request: HttpRequest, queryset: QuerySet[Person]) -> HttpResponse | None:
        """Opening an account again brings no buddy back, so this is asked first."""
        others = queryset.exclude(pk=request.user.pk or 0)
        if "confirmed" in request.POST or not others:
            self._close(request, others)
            return None
        context = {
            "people": others,
            "left_alone": Programme.objects.led_by_nobody_but(others).going_on(),
            "title": _("Close these accounts?"),
            "opts": self.opts,
            "media": self.media,
        }
        page = "admin/buddying/person/close_accounts.html"
        return TemplateResponse(request, page, self.admin_site.each_context(request) | context)

    def _close(self, request: HttpRequest, people: QuerySet[Person]) -> None:
        """At once, also where nobody else leads: somebody may have to be locked out this minute."""
        led = Programme.objects.led_by_nobody_but(list(people))
        for person in people:
            try:
                deactivate(person)
            except LastAdministrator:
                text = _("%(person)s is the last administrator.") % {"person": person}
                self.message_user(request, text, messages.WARNING)
        for programme in led.without_lead().going_on():
            sentence = _("Nobody who leads “%(programme)s” can log in now. Add another lead on its page.")
            self.message_user(request, sentence % {"programme": programme}, messages.WARNING)

    @admin.action(description=_("Open these accounts again"))
    def open_accounts(self, request: HttpRequest, queryset: QuerySet[Person]) -> None:
        for person in queryset:
            reactivate(person)


@admin.register(RoleGrant)
class RoleGrantAdmin(Noting):
    list_display = ["person", "role", "granted_by", "granted_at", "revoked_at"]
    list_filter = ["role"]
    list_select_related = ["person", "granted_by"]
    search_fields = ["person__name", "person__email"]
    fields = ["person", "role"]
    autocomplete_fields = ["person"]
    actions = ["revoke"]

    def has_change_permission(self, request: HttpRequest, obj: RoleGrant | None = None) -> bool:
        return obj is None and super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: RoleGrant, form: Any, change: bool) -> None:
        obj.granted_by = request.user  # type: ignore[assignment]
        obj.save()

    @admin.action(description=_("Take these roles back"))
    def revoke(self, request: HttpRequest, queryset: QuerySet[RoleGrant]) -> None:
        for grant in queryset:
            if grant.person == request.user and grant.role == RoleGrant.ADMINISTRATOR:
                self.message_user(request, _("Another administrator can take back your own role."), messages.WARNING)
            else:
                grant.revoke()


@admin.register(Programme)
class ProgrammeAdmin(Kept):
    list_display = ["name", "template", "created_at"]
    search_fields = ["name"]
    fields = [
        "name",
        "purpose",
        "community",
        "ways",
        "roles",
        "rules",
        "outcomes",
        "template",
        "created_by",
        "created_at",
    ]
    readonly_fields = ["template", "created_by", "created_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # a programme begins with a lead: on its own page


@admin.register(Cohort)
class CohortAdmin(Kept):
    list_display = ["name", "programme", "starts_on", "ends_on"]
    list_filter = ["programme"]
    list_select_related = ["programme"]
    fields = [
        "programme",
        "name",
        "time_zone",
        "sign_up_opens_on",
        "nominations_close_on",
        "pairs_published_on",
        "starts_on",
        "ends_on",
        "reflection_point",
        "session_minutes",
        "target_sessions",
        "new_pairs_weeks",
    ]
    readonly_fields = ["programme"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
