"""The addresses as they are in demo mode."""

from django.urls import include, path

from buddying.urls import urlpatterns as in_every_mode

urlpatterns = [*in_every_mode, path("demo/", include("buddying.demo_routes"))]
