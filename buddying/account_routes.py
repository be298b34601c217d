"""The pages of getting in, under allauth's names. Only what is listed can be reached: no passwords."""

from allauth.account import views as allauth
from django.conf import settings
from django.urls import path
from django.views.generic import RedirectView

from buddying.views import accounts, second_factor, single_sign_on

PROVIDER = {"provider_id": settings.SSO_PROVIDER}

urlpatterns = [
    path(
        "login/",
        RedirectView.as_view(pattern_name="account_request_login_code", query_string=True),
        name="account_login",
    ),
    path("login/code/", accounts.request_code, name="account_request_login_code"),
    path("login/code/confirm/", accounts.confirm_code, name="account_confirm_login_code"),
    path("login/passkey/", second_factor.log_in_by_passkey, name="mfa_login_webauthn"),
    path("login/second-factor/", second_factor.authenticate, name="mfa_authenticate"),
    path("login/again/", accounts.log_in_again, name="account_log_in_again"),
    path("sso/", single_sign_on.begin, name="openid_connect_login"),
    path("sso/callback/", single_sign_on.callback, PROVIDER, name="openid_connect_callback"),
    path("sso/unlinking/", single_sign_on.unlink, name="sso_unlink"),
    path("signup/", accounts.sign_up, name="account_signup"),
    path("confirm-email/", allauth.email_verification_sent, name="account_email_verification_sent"),
    path("logout/", accounts.leaving, name="account_logout"),
    path("inactive/", allauth.account_inactive, name="account_inactive"),
    path("email/", RedirectView.as_view(pattern_name="buddying:me"), name="account_email"),
    path("second-factor/", second_factor.index, name="mfa_index"),
    path("second-factor/app/", second_factor.add_app, name="mfa_activate_totp"),
    path("second-factor/app/removal/", second_factor.remove_app, name="mfa_deactivate_totp"),
    path("second-factor/recovery-codes/", second_factor.recovery_codes, name="mfa_view_recovery_codes"),
    path("second-factor/recovery-codes/new/", second_factor.new_recovery_codes, name="mfa_generate_recovery_codes"),
    path("second-factor/passkeys/new/", second_factor.add_passkey, name="mfa_add_webauthn"),
    path("second-factor/passkeys/<int:pk>/name/", second_factor.rename_passkey, name="mfa_edit_webauthn"),
    path("second-factor/passkeys/<int:pk>/removal/", second_factor.remove_passkey, name="mfa_remove_webauthn"),
]
