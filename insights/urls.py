from django.urls import path

from insights.views import cohort, encouragement, help, home, mail, my_data, overview, pairing, privacy

app_name = "insights"
urlpatterns = [
    path("", home.home, name="home"),
    path("pairings/<int:pk>/", pairing.pairing, name="pairing"),
    path("cohorts/<int:pk>/", cohort.cohort, name="cohort"),
    path("cohorts/<int:pk>/figures/<slug:slug>/", cohort.figures_file, name="cohort_figures"),
    path("cohorts/<int:pk>/report/", cohort.report, name="cohort_report"),
    path(
        "cohorts/<int:pk>/pairings/<int:pairing_pk>/encouragement/", encouragement.encouragement, name="encouragement"
    ),
    path("cohorts/<int:pk>/mail/", mail.cohort_mail, name="cohort_mail"),
    path("cohorts/<int:pk>/mail/<slug:name>/", mail.mail_preview, name="mail_preview"),
    path("cohorts/<int:pk>/mail/<slug:name>/page/", mail.mail_page, name="mail_page"),
    path("overview/", overview.overview, name="overview"),
    path("overview/figures/<slug:slug>/", overview.figures_file, name="overview_figures"),
    path("overview/report/", overview.report, name="overview_report"),
    path("overview/cohorts/", overview.comparison, name="comparison"),
    path("overview/cohorts/figures/", overview.comparison_file, name="comparison_figures"),
    path("privacy/", privacy.privacy, name="privacy"),
    path("privacy/looks/", privacy.looks, name="looks"),
    path("privacy/data/", my_data.my_data, name="my_data"),
    path("privacy/data/downloads/", my_data.ask_for_download, name="ask_for_download"),
    path("privacy/data/downloads/<uuid:pk>/", my_data.download_state, name="download_state"),
    path("privacy/data/downloads/<uuid:pk>/file/", my_data.download_file, name="download_file"),
    path("privacy/data/erasure/", my_data.erasure, name="erasure"),
    path("people/<int:pk>/erasure/", my_data.erase_person, name="erase_person"),
    path("help/", help.help_page, name="help"),
    path("help/with/<slug:slug>/", help.help_with, name="help_with"),
    path("help/<slug:role>/", help.help_role, name="help_role"),
]
