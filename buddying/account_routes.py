"""The pages of getting in, under allauth's names. Only what is listed can be reached: no passwords."""

from allauth.account import views as allauth
from django.urls import path
from django.views.generic import RedirectView

from buddying.views import accounts

urlpatterns = [
    path(
        "login/",
        RedirectView.as_view(pattern_name="account_request_login_code", query_string=True),
        name="account_login",
    ),
    path("login/code/", accounts.request_code, name="account_request_login_code"),
    path("login/code/confirm/", accounts.confirm_code, name="account_confirm_login_code"),
    path("signup/", accounts.sign_up, name="account_signup"),
    path("confirm-email/", allauth.email_verification_sent, name="account_email_verification_sent"),
    path("logout/", allauth.logout, name="account_logout"),
    path("inactive/", allauth.account_inactive, name="account_inactive"),
    path("email/", RedirectView.as_view(pattern_name="buddying:me"), name="account_email"),
]
