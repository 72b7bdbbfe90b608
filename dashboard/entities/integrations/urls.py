from django.urls import path

from dashboard.entities.integrations import views
from dashboard.entities.integrations.providers import GOOGLE, TEAMS

app_name = "integrations"
urlpatterns = [
    path("", views.index, name="index"),
    path("google-workspace/", views.enroll, {"kind": GOOGLE.id}, name=GOOGLE.id),
    path("microsoft-teams/", views.enroll, {"kind": TEAMS.id}, name=TEAMS.id),
    path("kontomatik/", views.kontomatik, {"kind": "kontomatik"}, name="kontomatik"),
    path("kontomatik/setup/", views.setup, name="setup"),
    path("kontomatik/pull/", views.pull, name="pull"),
    path("kontomatik/revoke/", views.revoke, name="revoke"),
]
