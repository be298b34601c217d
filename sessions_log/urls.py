from django.urls import path

from sessions_log.views import booking, commitments, dates, feeds, logs, proposals, recording, series, sessions

app_name = "sessions_log"
urlpatterns = [
    path("pairings/<int:pk>/sessions/new/", booking.book, name="book"),
    path("pairings/<int:pk>/sessions/past/", recording.record, name="record"),
    path("pairings/<int:pk>/series/new/", series.book_series, name="series"),
    path("pairings/<int:pk>/proposals/new/", proposals.propose, name="propose"),
    path("proposals/<uuid:pk>/", proposals.proposal, name="proposal"),
    path("proposals/<uuid:pk>/choice/", proposals.choice, name="choice"),
    path("proposals/<uuid:pk>/withdrawal/", proposals.withdrawal, name="withdrawal"),
    path("sessions/<int:pk>/", sessions.session, name="session"),
    path("sessions/<int:pk>/move/", booking.move, name="move"),
    path("sessions/<int:pk>/cancellation/", sessions.cancel, name="cancel"),
    path("sessions/<int:pk>/calendar.ics", sessions.calendar, name="calendar"),
    path("sessions/<int:pk>/absence/", sessions.not_held, name="not_held"),
    path("sessions/<int:pk>/log/", logs.log, name="log"),
    path("me/calendar/", feeds.my_calendar, name="my_calendar"),
    path("me/calendar/address/", feeds.new_address, name="new_feed_address"),
    path("me/calendar/address/removal/", feeds.remove_address, name="remove_feed_address"),
    path("calendar/<str:secret>.ics", feeds.feed, name="feed"),
    path("me/dates/", dates.dates, name="dates"),
    path("me/dates/leaves/", dates.add_leave, name="add_leave"),
    path("me/dates/leaves/<int:pk>/removal/", dates.remove_leave, name="remove_leave"),
    path("me/dates/hours/", dates.add_hours, name="add_hours"),
    path("me/dates/hours/<int:pk>/removal/", dates.remove_hours, name="remove_hours"),
    path("me/dates/calendar/", dates.connect_calendar, name="connect_calendar"),
    path("me/dates/calendar/removal/", dates.disconnect_calendar, name="disconnect_calendar"),
    path("commitments/<uuid:pk>/", commitments.commitment, name="commitment"),
]
