from django.urls import path

from matching import (
    board_views,
    editing_views,
    floors_views,
    pairing_views,
    picture_views,
    rounds_views,
    taking_part,
    views,
)

app_name = "matching"
urlpatterns = [
    path("cohorts/<int:pk>/matching/", views.board, name="board"),
    path("cohorts/<int:pk>/matching/costs/", board_views.costs, name="costs"),
    path("cohorts/<int:pk>/matching/comparison/", board_views.comparison, name="comparison"),
    path("cohorts/<int:pk>/matching/reminders/", board_views.reminders, name="reminders"),
    path("cohorts/<int:pk>/rounds/", rounds_views.rounds, name="rounds"),
    path("cohorts/<int:pk>/pairings/", pairing_views.pairings, name="pairings"),
    path("cohorts/<int:pk>/pairings/round/", pairing_views.match_waiting, name="match_waiting"),
    path("cohorts/<int:pk>/pairings/<int:pairing_pk>/closure/", pairing_views.closure, name="closure"),
    path("cohorts/<int:pk>/waiting/<int:participant_pk>/", pairing_views.placement, name="placement"),
    path(
        "cohorts/<int:pk>/waiting/<int:participant_pk>/with/<int:other_pk>/", pairing_views.pair_with, name="pair_with"
    ),
    path(
        "cohorts/<int:pk>/waiting/<int:participant_pk>/pairing/<int:pairing_pk>/",
        pairing_views.join_pairing,
        name="join_pairing",
    ),
    path("cohorts/<int:pk>/taking-part/", taking_part.taking_part, name="taking_part"),
    path("cohorts/<int:pk>/taking-part/resumption/", taking_part.resumption, name="resumption"),
    path("cohorts/<int:pk>/leaving/", taking_part.leaving, name="leaving"),
    path("pairings/<int:pk>/another-buddy/", taking_part.another_buddy, name="another_buddy"),
    path("runs/<int:pk>/", views.run, name="run"),
    path("runs/<int:pk>/editing/", editing_views.editing_page, name="editing"),
    path("runs/<int:pk>/editing/undoing/", editing_views.undoing, name="undoing"),
    path("runs/<int:pk>/editing/people/", editing_views.people, name="people"),
    path("runs/<int:pk>/picture/", picture_views.picture, name="picture"),
    path("runs/<int:pk>/rest/", editing_views.rest, name="rest"),
    path("runs/<int:pk>/floors/", floors_views.floors, name="floors"),
    path("runs/<int:pk>/floors/draft/", floors_views.floor_draft, name="floor_draft"),
    path("runs/<int:pk>/progress/", views.progress, name="progress"),
    path("runs/<int:pk>/cancellation/", views.cancellation, name="cancellation"),
    path("runs/<int:pk>/removal/", views.removal, name="removal"),
    path("runs/<int:pk>/publication/", views.publication, name="publication"),
]
