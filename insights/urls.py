from django.urls import path

from insights.views import cohort, help, home, mail, overview, pairing, privacy

app_name = "insights"
urlpatterns = [
    path("", home.home, name="home"),
    path("pairings/<int:pk>/", pairing.pairing, name="pairing"),
    path("cohorts/<int:pk>/", cohort.cohort, name="cohort"),
    path("cohorts/<int:pk>/mail/", mail.cohort_mail, name="cohort_mail"),
    path("cohorts/<int:pk>/mail/<slug:name>/", mail.mail_preview, name="mail_preview"),
    path("cohorts/<int:pk>/mail/<slug:name>/page/", mail.mail_page, name="mail_page"),
    path("overview/", overview.overview, name="overview"),
    path("privacy/", privacy.privacy, name="privacy"),
    path("privacy/looks/", privacy.looks, name="looks"),
    path("help/", help.help_page, name="help"),
]
