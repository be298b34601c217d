from django.urls import URLPattern, path

from buddying.views import (
    cohorts,
    health,
    imports,
    invitations,
    joining,
    me,
    nominations,
    participants,
    profile,
    programmes,
)

app_name = "buddying"
urlpatterns: list[URLPattern] = [
    path("health/", health.health, name="health"),
    path("me/", me.me, name="me"),
    path("join/<str:token>/", joining.join_cohort, name="join_cohort"),
    path("invitations/<str:token>/", joining.invitation, name="invitation"),
    path("programmes/", programmes.programmes, name="programmes"),
    path("programmes/new/", programmes.new_programme, name="new_programme"),
    path("programmes/<int:pk>/", programmes.programme, name="programme"),
    path("programmes/<int:pk>/edit/", programmes.edit_programme, name="edit_programme"),
    path("programmes/<int:pk>/leads/", programmes.add_lead, name="add_lead"),
    path("programmes/<int:pk>/leads/<int:person_pk>/removal/", programmes.remove_lead, name="remove_lead"),
    path("programmes/<int:pk>/cohorts/new/", cohorts.new_cohort, name="new_cohort"),
    path("cohorts/<int:pk>/edit/", cohorts.edit_cohort, name="edit_cohort"),
    path("cohorts/<int:pk>/about/", cohorts.about_cohort, name="about_cohort"),
    path("cohorts/<int:pk>/joining/", joining.listed, name="joining"),
    path("cohorts/<int:pk>/people/", participants.people, name="people"),
    path("cohorts/<int:pk>/people/<int:participant_pk>/", participants.participant, name="participant"),
    path(
        "cohorts/<int:pk>/people/<int:participant_pk>/correction/",
        participants.correct,
        name="correct_participant",
    ),
    path(
        "cohorts/<int:pk>/people/<int:participant_pk>/removal/",
        participants.remove,
        name="remove_participant",
    ),
    path("cohorts/<int:pk>/invitations/", invitations.invitations, name="invitations"),
    path("cohorts/<int:pk>/invitations/listed/", invitations.invite_listed, name="invite_listed"),
    path(
        "cohorts/<int:pk>/invitations/<int:invitation_pk>/revocation/",
        invitations.revoke,
        name="revoke_invitation",
    ),
    path(
        "cohorts/<int:pk>/invitations/<int:invitation_pk>/renewal/",
        invitations.renew,
        name="renew_invitation",
    ),
    path("cohorts/<int:pk>/join-link/", invitations.join_link, name="join_link"),
    path("cohorts/<int:pk>/import/", imports.import_people, name="import_people"),
    path("cohorts/<int:pk>/import/preview/", imports.import_preview, name="import_preview"),
    path("cohorts/<int:pk>/import/confirmation/", imports.import_confirmation, name="import_confirmation"),
    path("cohorts/<int:pk>/profile/", profile.profile, name="profile"),
    path("cohorts/<int:pk>/profile/hours/", profile.profile_hours, name="profile_hours"),
    path("cohorts/<int:pk>/nominations/", nominations.nominations, name="nominations"),
    path("cohorts/<int:pk>/nominations/completion/", nominations.nominations_done, name="nominations_done"),
]
