"""Django's admin: configuration and people, no content; log-in through the product's own door."""

from typing import Any, NoReturn

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse


class AdminConfig(DjangoAdminConfig):
    default_site = "buddying.admin_site.ConfigurationSite"


class ConfigurationSite(AdminSite):
    site_header = site_title = "Buddying: configuration"
    index_title = "Configuration and people"

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.user.is_authenticated:
            raise Http404
        return login_required(lambda _: HttpResponse())(request)

    def get_urls(self) -> list[Any]:
        """Without Django's “view on site”: for any row of any table it told whether there is one."""
        return [route for route in super().get_urls() if getattr(route, "name", "") != "view_on_site"]

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> NoReturn:
        raise Http404
