"""Every address of the product. Each floor names its own; this page only gathers them."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("buddying.routes")),
    path("", include("matching.urls")),
    path("", include("sessions_log.urls")),
    path("", include("reflection.urls")),
    path("", include("insights.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("admin/", admin.site.urls),
]
