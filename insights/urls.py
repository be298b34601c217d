from django.urls import path

from insights.views import cohort, help, home, overview, pairing, privacy

app_name = "insights"
urlpatterns = [
    path("", home.home, name="home"),
    path("pairings/<int:pk>/", pairing.pairing, name="pairing"),
    path("cohorts/<int:pk>/", cohort.cohort, name="cohort"),
    path("overview/", overview.overview, name="overview"),
    path("privacy/", privacy.privacy, name="privacy"),
    path("privacy/looks/", privacy.looks, name="looks"),
    path("help/", help.help_page, name="help"),
]
