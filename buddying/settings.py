"""All settings, in one file. The mode decides what a missing value means: in production it stops the start."""

from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse_lazy

from buddying import environment as env

BASE_DIR = Path(__file__).resolve().parent.parent

MODE = env.choice("BUDDYING_MODE", ("production", "demo", "development", "test"), "production")
PRODUCTION = MODE == "production"
DEBUG = MODE == "development"

SECRET_KEY = env.text("BUDDYING_SECRET_KEY")
CONTENT_KEYS = env.keyring("BUDDYING_CONTENT_KEYS")
DATA_DIR = Path(env.text("BUDDYING_DATA", str(BASE_DIR / "var")))

BASE_URL = env.text("BUDDYING_BASE_URL", None if PRODUCTION else "http://localhost:8000").rstrip("/")
if PRODUCTION and not BASE_URL.startswith("https://"):
    raise ImproperlyConfigured("BUDDYING_BASE_URL must start with https:// in production.")
ALLOWED_HOSTS = env.hosts("BUDDYING_HOSTS") if PRODUCTION else ["localhost", "127.0.0.1", "[::1]", "testserver"]
CSRF_TRUSTED_ORIGINS = [BASE_URL] if PRODUCTION else []
SITE_NAME = "Buddying"

INSTALLED_APPS = [
    "insights",
    "reflection",
    "sessions_log",
    "equipping",
    "matching",
    "buddying",
    "trust",
    "outbox",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "template_partials",
    "django_htmx",
    "csp",
    "buddying.admin_site.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "buddying.middleware.security_headers",
    "buddying.middleware.no_nulls",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "buddying.middleware.no_cookies_in_public",
    "buddying.middleware.no_log_in_taken_by_late_answers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "buddying.middleware.readers_language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "buddying.limits.tries_at_doors",
    "buddying.devices.kept_in_view",
    "buddying.second_factor.required",
    "buddying.middleware.readers_zone",
    "buddying.middleware.no_login_page_in_a_page",
    "buddying.middleware.never_stored",
    "buddying.middleware.bounded_bodies",
    "buddying.middleware.no_blank_page",
    "trust.acting.who_acts",
]

ROOT_URLCONF = "buddying.urls"
WSGI_APPLICATION = "buddying.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "buddying.context.organisation",
                "buddying.context.navigation",
            ],
        },
    }
]

# --- Database: PostgreSQL only. Sessions and the cache live there too, so that a lost Redis breaks no page.
# What people use connects in the web role, which sees of content only what the acting person may see. The owner of the
# tables makes them (migrate) and is not needed by any other process. Tests set the stage as the owner.
WEB_ROLE, DASHBOARD_ROLE = env.roles("BUDDYING_DATABASE_ROLES", "buddying")
OWNER_DATABASE = env.owner_database("DATABASE_URL", "BUDDYING_WEB_DATABASE_URL")
WEB_DATABASE = env.web_database("DATABASE_URL", "BUDDYING_WEB_DATABASE_URL", WEB_ROLE)
CONNECTS_AS_OWNER = MODE == "test" and not env.text("BUDDYING_WEB_DATABASE_URL", "")
DATABASES = {"default": OWNER_DATABASE if CONNECTS_AS_OWNER else WEB_DATABASE}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SESSION_ENGINE = "buddying.sessions"  # keys hashed, contents sealed
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "buddying_cache",
        # Rate limits live here, and a full cache forgets: nobody is to fill it by asking for many addresses.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
}

# --- Celery: the broker may be lost at any time; rows in the database decide what is due.
REDIS_URL = env.text("REDIS_URL")
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_TIME_LIMIT = 1800
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
    "visibility_timeout": 3600,
    # A page that tells an absent broker gives up at once; the row is found by the tick.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
}
CELERY_BEAT_SCHEDULE = {
    "send what is due": {"task": "outbox.tasks.drain", "schedule": 10.0},
    "put back what is missing": {"task": "outbox.tasks.reconcile", "schedule": 300.0},
    "sweep": {"task": "buddying.tasks.sweep", "schedule": 6 * 3600.0},
    "read busy times": {"task": "sessions_log.tasks.refresh_calendars", "schedule": 300.0},
    "take the month's snapshot": {"task": "insights.tasks.take_snapshot", "schedule": 3600.0},
    "match what waits": {"task": "matching.tasks.match_waiting", "schedule": 15.0},
}

# --- People's own calendars are fetched from public servers only. Tests have one on this machine.
LOCAL_CALENDARS = env.choice("BUDDYING_LOCAL_CALENDARS", ("yes", "no"), "no") == "yes"

# --- Mail: everything leaves by the outbox, which sends over this connection.
_smtp = env.smtp("BUDDYING_SMTP_URL", None if PRODUCTION else "smtp://127.0.0.1:1025")
EMAIL_HOST, EMAIL_PORT = _smtp["host"], _smtp["port"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _smtp["user"], _smtp["password"]
EMAIL_USE_TLS, EMAIL_USE_SSL = _smtp["tls"], _smtp["ssl"]
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("BUDDYING_MAIL_FROM", None if PRODUCTION else "Buddying <buddying@localhost>")
MAIL_FOLDER = DATA_DIR / "mail"
# Answers to invitations come back by a mailbox or by a webhook, or not at all.
MAILBOX = env.imap("BUDDYING_IMAP_URL")
INCOMING_SECRET = env.secret("BUDDYING_INCOMING_SECRET")
if MAILBOX:
    CELERY_BEAT_SCHEDULE["read the mailbox"] = {"task": "outbox.tasks.read_mailbox", "schedule": 60.0}
# Opens /metrics/ to a program that brings it; without one there is no such address.
METRICS_SECRET = env.secret("BUDDYING_METRICS_SECRET")

# --- Who gets in: a code by mail, no passwords; sign-up only with an invitation or a join link.
AUTH_USER_MODEL = "buddying.Person"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # addresses are unique without regard to case: one_person_an_address
AUTHENTICATION_BACKENDS = ["buddying.second_factor.Backend"]
LOGIN_URL = reverse_lazy("account_request_login_code")
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "buddying.accounts.AccountAdapter"
ACCOUNT_SIGNUP_FORM_CLASS = "buddying.forms.accounts.SignUpDetails"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
# A room of people signs up behind one address; one mailbox is still asked for at most three codes a minute, and a
# browser that its owner has logged in with has three of its own.
ACCOUNT_RATE_LIMITS = {
    "signup": "100/m/ip",
    "request_login_code": "100/m/ip,3/m/key",
    "code_try": "100/m/ip",
    "passkey_asked": "100/m/ip",
    "single_sign_on": "100/m/ip",
    "door": "30/m/ip",
    "invite": "60/h/user",
    "change_session": "5/h/key",
    "download": "5/d/user",
}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if PRODUCTION else 0
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_NOTIFICATIONS = False
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30

# Passkeys, an app for codes, recovery codes. Leads and administrators need one of the first two; a demo may do without.
SECOND_FACTOR = env.choice(
    "BUDDYING_SECOND_FACTOR",
    ("required", "optional"),
    "optional" if MODE in ("demo", "development") else "required",
)
MFA_ADAPTER = "buddying.second_factor.Adapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_ISSUER = SITE_NAME  # no tolerance: a code counts for its half minute, and once
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_REAUTHENTICATION_REQUIRED = False  # buddying.recently asks for a fresh log-in, of people without a factor too
MFA_RATE_LIMITS = {"webauthn_login": "100/m/ip"}

# Single sign-on by OpenID Connect, where the organisation has it. Accounts are linked by issuer and subject.
SSO = env.single_sign_on(https=PRODUCTION)
SSO_PROVIDER = SSO["provider_id"] if SSO else "none"
SSO_NAME = SSO["name"] if SSO else ""
SOCIALACCOUNT_ADAPTER = "buddying.sso.Adapter"
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [SSO] if SSO else []}}
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"  # buddying.sso asks for a code before it links an account
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 10

# --- Browsers: nothing from elsewhere, nothing inline.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^health/$", r"^metrics/$"]
SECURE_HSTS_SECONDS = 63_072_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SESSION_COOKIE_NAME = "__Host-session" if PRODUCTION else "buddying_session"
CSRF_COOKIE_NAME = "__Host-csrf" if PRODUCTION else "buddying_csrf"
CSRF_FAILURE_VIEW = "buddying.views.errors.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
MOST_BYTES = 12 * 1024 * 1024  # of a whole request, files included
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- Words, times, files
LANGUAGES = [("en-gb", "English"), ("de", "Deutsch")]
LANGUAGE_CODE = env.choice("BUDDYING_LANGUAGE", tuple(code for code, _ in LANGUAGES), "en-gb")
LANGUAGE_COOKIE_NAME = "__Host-language" if PRODUCTION else "buddying_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LANGUAGE_COOKIE_SECURE = PRODUCTION
LANGUAGE_COOKIE_HTTPONLY = True
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "buddying.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
ORGANISATION_TIME_ZONE = env.zone("BUDDYING_TIME_ZONE", "Europe/London")
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles" if PRODUCTION else None
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "buddying.static_files.JoinedStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO" if MODE != "test" else "WARNING"},
    # They tell every step of setting a sheet.
    "loggers": {"fido2": {"level": "WARNING"}, "weasyprint": {"level": "WARNING"}, "fontTools": {"level": "WARNING"}},
}
