from django.urls import path

from sessions_log.views import booking, commitments, feeds, logs, sessions

app_name = "sessions_log"
urlpatterns = [
    path("pairings/<int:pk>/sessions/new/", booking.book, name="book"),
    path("sessions/<int:pk>/", sessions.session, name="session"),
    path("sessions/<int:pk>/move/", booking.move, name="move"),
    path("sessions/<int:pk>/cancellation/", sessions.cancel, name="cancel"),
    path("sessions/<int:pk>/calendar.ics", sessions.calendar, name="calendar"),
    path("sessions/<int:pk>/log/", logs.log, name="log"),
    path("me/calendar/", feeds.my_calendar, name="my_calendar"),
    path("me/calendar/address/", feeds.new_address, name="new_feed_address"),
    path("me/calendar/address/removal/", feeds.remove_address, name="remove_feed_address"),
    path("calendar/<str:secret>.ics", feeds.feed, name="feed"),
    path("commitments/<uuid:pk>/", commitments.commitment, name="commitment"),
]
