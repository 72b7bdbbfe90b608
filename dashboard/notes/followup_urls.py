"""Outside of any organization: what somebody has promised is about many."""

from django.urls import path

from dashboard.notes import followup_views

app_name = "followups"
urlpatterns = [
    path("", followup_views.index, name="index"),
    path("<int:follow_up_id>/", followup_views.edit, name="edit"),
    path("<int:follow_up_id>/done/", followup_views.done, name="done"),
    path("<int:follow_up_id>/reopen/", followup_views.reopen, name="reopen"),
]
