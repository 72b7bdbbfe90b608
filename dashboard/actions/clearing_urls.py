"""URLs below an organization's profile."""

from dashboard.actions.kinds import CLEAR_ORGANIZATION
from dashboard.actions.urls import steps

app_name = "clearing"
urlpatterns = steps("clear/", CLEAR_ORGANIZATION)
