"""A URLconf whose author forgot to say who may come in."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from dashboard import urls


def forgotten(request: HttpRequest) -> HttpResponse:
    return HttpResponse("come in")


urlpatterns = [*urls.urlpatterns, path("open/", forgotten)]
