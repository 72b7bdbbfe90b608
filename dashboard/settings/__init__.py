"""Every setting, from the environment (`.env.example` explains each). Nothing here is lenient: `make run`
supplies what a newcomer has not set, and any other start must say what it talks to and to whom it answers."""

import logging
import re
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from dashboard.settings import environment as env

BASE_DIR = Path(__file__).resolve().parent.parent.parent
environ.Env.read_env(BASE_DIR / ".env")

# --- Which Flowtly -------------------------------------------------------------------------------------------

FLOWTLY_BASE_URL = env.required("FLOWTLY_BASE_URL", "it is the address of the Flowtly API").rstrip("/")
_local = env.this_machine(urlsplit(FLOWTLY_BASE_URL).hostname or "")
if not FLOWTLY_BASE_URL.startswith(("https://", "http://") if _local else "https://"):
    raise ImproperlyConfigured("FLOWTLY_BASE_URL must begin with https:// (http:// only for this machine).")

FLOWTLY_TOKEN = env.text("FLOWTLY_TOKEN")
FLOWTLY_USERNAME = env.text("FLOWTLY_USERNAME")
FLOWTLY_PASSWORD = env.password("FLOWTLY_PASSWORD")
if FLOWTLY_TOKEN and (FLOWTLY_USERNAME or FLOWTLY_PASSWORD):
    raise ImproperlyConfigured("Set FLOWTLY_TOKEN or FLOWTLY_USERNAME with FLOWTLY_PASSWORD, not both.")
if not FLOWTLY_TOKEN and not (FLOWTLY_USERNAME and FLOWTLY_PASSWORD):
    raise ImproperlyConfigured("Set FLOWTLY_USERNAME with FLOWTLY_PASSWORD, or FLOWTLY_TOKEN.")

FLOWTLY_LOGIN_PATH = env.text("FLOWTLY_LOGIN_PATH", "/login")
FLOWTLY_TENANT_HEADER = env.text("FLOWTLY_TENANT_HEADER", "instance")
FLOWTLY_TENANT_FIELD = env.text("FLOWTLY_TENANT_FIELD", "instance")
FLOWTLY_COUPON_FIELD = env.text("FLOWTLY_COUPON_FIELD", "coupon")
FLOWTLY_UPLOAD_FIELD = env.text("FLOWTLY_UPLOAD_FIELD", "file")
FLOWTLY_SEARCH_PARAMETER = env.text("FLOWTLY_SEARCH_PARAMETER", "q")
FLOWTLY_ENROLL_FIELDS = env.field_names("FLOWTLY_ENROLL_FIELDS", ["tenantId", "clientId"])
FLOWTLY_FOOTER_FIELDS = env.field_names("FLOWTLY_FOOTER_FIELDS")
FLOWTLY_CONFIG_FIELD = env.text("FLOWTLY_CONFIG_FIELD", "value")
FLOWTLY_CONFIG_KEYS = env.words("FLOWTLY_CONFIG_KEYS")
FLOWTLY_CONFIG_KEYS_PARAMETER = env.text("FLOWTLY_CONFIG_KEYS_PARAMETER", "ids[]")
if len(FLOWTLY_ENROLL_FIELDS) != 2:
    raise ImproperlyConfigured("FLOWTLY_ENROLL_FIELDS takes two names: the tenant id's and the client id's.")

# Seconds. One call to read, one to write; a page that reads, a page that writes.
FLOWTLY_READ_TIMEOUT = env.seconds("FLOWTLY_READ_TIMEOUT", 8.0)
FLOWTLY_WRITE_TIMEOUT = env.seconds("FLOWTLY_WRITE_TIMEOUT", 12.0)
PAGE_READ_TIMEOUT = env.seconds("PAGE_READ_TIMEOUT", 10.0)
PAGE_WRITE_TIMEOUT = env.seconds("PAGE_WRITE_TIMEOUT", 25.0)
# What of the latter is kept for looking again after a lost answer.
PAGE_REREAD_TIMEOUT = env.seconds("PAGE_REREAD_TIMEOUT", 8.0)
FLOWTLY_IN_FLIGHT = env.whole("FLOWTLY_IN_FLIGHT", 8)
# Whether a Flowtly that fails over and over is left alone for a few seconds.
FLOWTLY_BREAKER = env.flag("FLOWTLY_BREAKER", True)

# Clearing destroys an organization's data.
ALLOW_ORGANIZATION_CLEAR = env.flag("ALLOW_ORGANIZATION_CLEAR")

# Coupons and cancellations one person may send in an hour.
MONEY_ACTS_PER_HOUR = env.whole("MONEY_ACTS_PER_HOUR", 20, least=0)
# Organizations in one list that shall get the same coupon.
COUPONS_AT_ONCE = env.whole("COUPONS_AT_ONCE", 100, most=400)
# Kinds of acts that wait for somebody else to agree: apply-coupon, clear-coupon, cancel. Clearing always does.
SECOND_PERSON_FOR = env.words("SECOND_PERSON_FOR", known=("apply-coupon", "clear-coupon", "cancel"))
SECOND_PERSON_HOURS = env.whole("SECOND_PERSON_HOURS", 24)
TWIN_DAYS = env.whole("TWIN_DAYS", 35)  # so long after a coupon the same one has to be ticked as meant

# Set by `make run` alone, when it has started the embedded sandbox. A real API has no demo people and no demo password.
SANDBOX = env.flag("SANDBOX")
if SANDBOX and not (_local and FLOWTLY_USERNAME == "sandbox"):
    raise ImproperlyConfigured("SANDBOX=on is for the embedded sandbox alone. `make run` sets it by itself.")
DEMO_PASSWORD = env.text("DEMO_PASSWORD") or ("demo" if SANDBOX else "")
if DEMO_PASSWORD and not SANDBOX:
    raise ImproperlyConfigured("DEMO_PASSWORD is for the embedded sandbox alone. Take it out for a real API.")

# --- Who we are ----------------------------------------------------------------------------------------------

# What weakens the site is refused at the start, unless it is named here: debug, any-host, plain-http.
RISKS_ACCEPTED = env.words("RISKS_ACCEPTED", known=("debug", "any-host", "plain-http"))


def unless_accepted(risk: str, words: str) -> None:
    if risk not in RISKS_ACCEPTED:
        raise ImproperlyConfigured(f"{words} To insist, name it: RISKS_ACCEPTED={risk}.")


SECRET_KEY = env.key("SECRET_KEY", env.required("SECRET_KEY", "it signs sessions and forms"))
# Seals the audit trail. Of its own, so that a new SECRET_KEY does not make the old lines look altered.
AUDIT_KEY = env.key("AUDIT_KEY", env.text("AUDIT_KEY") or SECRET_KEY)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", why="it has the names this site is reached by")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
if not all(
    re.fullmatch(r"https?://[^/*]+|https://\*\.[^/*]+\.[^/*]+", each) for each in CSRF_TRUSTED_ORIGINS
):
    raise ImproperlyConfigured("CSRF_TRUSTED_ORIGINS takes origins, for example https://back-office.example.")
DEBUG = env.flag("DEBUG")
TLS = env.flag("TLS")
_elsewhere = [host for host in ALLOWED_HOSTS if not env.this_machine(host)]
if "*" in ALLOWED_HOSTS:
    unless_accepted("any-host", "ALLOWED_HOSTS=* answers to any name. Say the names this site is reached by.")
if DEBUG:
    unless_accepted("debug", "DEBUG=on shows code and settings to whoever meets an error.")
if _elsewhere and not TLS:
    why = "Passwords and sessions would travel unencrypted."
    unless_accepted(
        "plain-http", f"TLS=off is for this machine alone, not for {', '.join(_elsewhere)}. {why}"
    )
ROOT_URLCONF = "dashboard.urls"
WSGI_APPLICATION = "dashboard.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials",
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "dashboard.web",
    "dashboard.accounts",
    "dashboard.actions",
    "dashboard.audit",
    "dashboard.actions.bulk",
    "dashboard.notes",
    "dashboard.entities.profile",
    "dashboard.status",
]

# What the site shows and changes, a package each, in the order of the menu: see `dashboard/entity.py`.
ENTITIES = [
    "dashboard.entities.organizations",
    "dashboard.entities.profile",
    "dashboard.entities.addresses",
    "dashboard.entities.locations",
    "dashboard.entities.clients",
    "dashboard.entities.meetings",
    "dashboard.entities.subscriptions",
    "dashboard.entities.configs",
    "dashboard.entities.reference",
    "dashboard.entities.integrations",
]

MIDDLEWARE = [
    "dashboard.web.middleware.RequestId",
    "dashboard.web.middleware.Headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "dashboard.web.isolation.Isolation",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "dashboard.accounts.sessions.SessionLimits",
    "dashboard.accounts.passwords.OwnPasswordFirst",
    "dashboard.web.middleware.StaffOnly",
    "dashboard.web.middleware.AskedAhead",
    "dashboard.web.middleware.FlowtlyOfTheRequest",
]

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
                "dashboard.web.navigation.frame",
                "dashboard.accounts.demo.hint",
            ]
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.insert(0, "django.forms")  # its templates, so that ours in templates/django/forms/ come first

# --- What we keep --------------------------------------------------------------------------------------------

VAR = BASE_DIR / (env.text("VAR") or "var")
DATABASES = {
    "default": environ.Env.db_url_config(env.text("DATABASE_URL") or f"sqlite:///{VAR}/dashboard.sqlite3")
}
DATABASES["default"] |= {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}
if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    # Connections are given back after each request and asked whether they still work before the next. There is one for
    # every thread: a request keeps its own while it waits for Flowtly. One that is away is away after five seconds.
    DATABASES["default"]["CONN_MAX_AGE"] = 0
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {
        "min_size": 1,
        "max_size": env.whole("WEB_THREADS", 32),
        "timeout": 5,
    }
elif DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # Writers queue at BEGIN instead of failing half-way; readers never wait for them.
        "transaction_mode": "IMMEDIATE",
        "timeout": 10,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
CACHES = {"default": environ.Env.cache_url_config(env.text("CACHE_URL") or "dbcache://dashboard_cache")}
_cache = CACHES["default"]
_in_database = _cache["BACKEND"].endswith(".DatabaseCache")
if _in_database:
    _cache |= {"BACKEND": "dashboard.storage.cache.SharedCache", "OPTIONS": {"MAX_ENTRIES": 5000}}
elif _cache["BACKEND"].endswith(".RedisCache"):
    # One that does not answer is away: without these a page would wait for it for ever.
    _cache.setdefault("OPTIONS", {}).update(socket_connect_timeout=2, socket_timeout=2)
else:
    raise ImproperlyConfigured(
        "CACHE_URL must name a cache that all processes share, dbcache:// or redis://. With one cache per process "
        "each would count failed sign-ins by itself."
    )
# What each person last read of Flowtly. In a table of its own, so that it drives no throttle out.
CACHES["last_read"] = {**_cache, "KEY_PREFIX": "last-read"}
if _in_database:
    CACHES["last_read"]["LOCATION"] += "_last_read"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Signing in ----------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["dashboard.accounts.backends.StaffBackend"]
PASSWORD_HASHERS = ["dashboard.accounts.hashers.ModestArgon2"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "dashboard.accounts.password_strength.StrengthValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_FORMS = {"login": "dashboard.accounts.forms.SignInForm"}
ACCOUNT_ADAPTER = "dashboard.accounts.adapter.StaffAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
# Failed attempts, counted where all processes see it. `key` is the account with the address, the account from
# anywhere, and the device that somebody has signed in from before: see `accounts/adapter.py`.
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": "20/m/ip,5/5m/key",
    "login_account": "50/h/key",
    "login_device": "5/5m/key",
}
# Whose word on the address of a client is taken, from X-Forwarded-For: addresses, networks, or unix for a socket.
TRUSTED_PROXIES = env.proxies("TRUSTED_PROXIES")

SESSION_ENGINE = "dashboard.accounts.session_store"
SESSION_IDLE_SECONDS = env.whole("SESSION_IDLE_MINUTES", 30) * 60
SESSION_ABSOLUTE_SECONDS = env.whole("SESSION_ABSOLUTE_HOURS", 12) * 3600
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_SECONDS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "dashboard.web.responses.csrf_failure"

if TLS:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    # One internal host: it speaks for no sibling (W005) and asks for no place in the browsers' list (W021).
    SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
# Files of one request, together. What is larger is read to its end and kept nowhere.
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = ["dashboard.web.uploads.Capped"]
DATA_UPLOAD_MAX_NUMBER_FILES = 5

# --- Words, times, files -------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", _("English")),
    ("nl", _("Dutch")),
    ("fr", _("French")),
    ("pt", _("Portuguese")),
    ("da", _("Danish")),
]
LOCALE_PATHS = [BASE_DIR / "dashboard" / "locale"]
USE_TZ = True
TIME_ZONE = env.choice("TIME_ZONE", "Europe/Amsterdam", available_timezones())

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "dashboard.web.staticfiles.LeanStorage"
    },
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "dashboard.web.logs.RequestIdFilter"}},
    "formatters": {
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "timestamp": True,  # in UTC
            "format": "%(levelname)s %(name)s %(message)s %(request_id)s",
        }
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["request_id"]}
    },
    "root": {
        "handlers": ["stderr"],
        "level": env.choice("LOG_LEVEL", "WARNING", logging.getLevelNamesMapping()),
    },
    "loggers": {
        "django.server": {"handlers": ["stderr"], "propagate": False},
        "django": {"handlers": []},
        # Whatever else is left out: a head in the log shows when the end of the trail has been cut off.
        "dashboard.audit": {"level": "INFO"},
        "dashboard.security": {"level": "INFO"},
    },
}
