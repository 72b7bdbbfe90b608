"""Django as it comes: the settings of a new project, one shared client, and a view that draws the list of clients. What
our own list is held against; it knows nothing of deadlines, lost answers, audit or rights."""

import functools
import os
from pathlib import Path

import django
import httpx
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

DJANGO = "django.contrib"
settings.configure(
    SECRET_KEY="plain" * 10,
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": os.environ["DATABASE"],
            "CONN_MAX_AGE": None,
        }
    },
    INSTALLED_APPS=[f"{DJANGO}.{name}" for name in ("auth", "contenttypes", "sessions", "messages")],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [Path(__file__).parent],
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
)
django.setup()


@functools.cache
def api() -> httpx.Client:
    client = httpx.Client(base_url=os.environ["API"], headers={"Accept": "application/ld+json"})
    token = client.post("/login", json={"username": "sandbox", "password": "sandbox"}).json()["token"]
    client.headers.update({"Authorization": f"Bearer {token}", "instance": os.environ["TENANT"]})
    return client


@login_required
def clients(request: HttpRequest) -> HttpResponse:
    page = int(request.GET.get("page", "1"))
    found = api().get("/clients", params={"page": page}).json()
    context = {"clients": found["hydra:member"], "total": found["hydra:totalItems"], "page": page}
    return render(request, "clients.html", context)


def client(request: HttpRequest, number: int) -> HttpResponse:
    """Only its address is of use here."""
    return HttpResponse(status=501)


urlpatterns = [
    path("clients/", clients, name="clients"),
    path("clients/<int:number>/", client, name="client"),
]
application = get_wsgi_application()
