from django.urls import path

from matching import views

app_name = "matching"
urlpatterns = [
    path("cohorts/<int:pk>/matching/", views.board, name="board"),
    path("runs/<int:pk>/", views.run, name="run"),
    path("runs/<int:pk>/progress/", views.progress, name="progress"),
    path("runs/<int:pk>/cancellation/", views.cancellation, name="cancellation"),
    path("runs/<int:pk>/removal/", views.removal, name="removal"),
    path("runs/<int:pk>/publication/", views.publication, name="publication"),
]
