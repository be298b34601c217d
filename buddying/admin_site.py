"""Django's admin: configuration and people, no content; log-in through the product's own door."""

from typing import Any, NoReturn, cast

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class AdminConfig(DjangoAdminConfig):
    default_site = "buddying.admin_site.ConfigurationSite"


class NotingAutocomplete(AutocompleteJsonView):
    """Whoever is offered by name in a field of the configuration can see that they were."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        from trust.trail import note_look  # its models are not ready when this site is made

        context = super().get_context_data(**kwargs)
        note_look(self.request.user, context["object_list"], gettext_noop("searched for people in the configuration"))
        return context


class ConfigurationSite(AdminSite):
    site_header = site_title = _("Buddying: configuration")
    index_title = _("Configuration and people")

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.user.is_authenticated:
            raise Http404
        return login_required(lambda asked: HttpResponse())(request)

    def get_urls(self) -> list[Any]:
        """Without Django's “view on site”: for any row of any table it told whether there is one."""
        return [route for route in super().get_urls() if getattr(route, "name", "") != "view_on_site"]

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        return cast(HttpResponse, NotingAutocomplete.as_view(admin_site=self)(request))

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> NoReturn:
        raise Http404
