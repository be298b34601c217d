"""Every address of the product. Each floor names its own; this page only gathers them."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from buddying.views import components

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("buddying.routes")),
    path("", include("matching.urls")),
    path("", include("equipping.urls")),
    path("", include("sessions_log.urls")),
    path("", include("reflection.urls")),
    path("", include("insights.urls")),
    path("", include("outbox.urls")),
    path("accounts/", include("buddying.account_routes")),
    path("admin/", admin.site.urls),
]

if settings.DEBUG:
    urlpatterns.append(path("_components/", components.components, name="components"))

if settings.MODE == "demo":
    urlpatterns.append(path("demo/", include("buddying.demo_routes")))
