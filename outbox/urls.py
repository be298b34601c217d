from django.urls import path

from outbox.views import choices, incoming, operations, stopping

app_name = "outbox"
urlpatterns = [
    path("incoming/mail/", incoming.incoming_mail, name="incoming_mail"),
    path("me/messages/", choices.choices, name="choices"),
    path("me/messages/sent/", choices.sent, name="sent"),
    path("me/messages/address/", choices.address_works, name="address_works"),
    path("mail/stop/<str:token>/", stopping.stop, name="stop"),
    path("overview/mail/", operations.operations, name="operations"),
    path("metrics/", operations.metrics, name="metrics"),
]
