from django.urls import path

from buddying.views import demo_mail

app_name = "demo"
urlpatterns = [
    path("mail/", demo_mail.inbox, name="inbox"),
    path("mail/<str:name>/", demo_mail.mail, name="mail"),
]
