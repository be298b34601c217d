from django.urls import path

from outbox import views

app_name = "outbox"
urlpatterns = [path("incoming/mail/", views.incoming_mail, name="incoming_mail")]
