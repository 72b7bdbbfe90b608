"""Outside of any organization: what somebody has promised is about many."""

from django.urls import path

from dashboard.notes import followup_views as views

app_name = "followups"
urlpatterns = [
    path("", views.index, name="index"),
    path("<int:follow_up_id>/", views.edit, name="edit"),
    path("<int:follow_up_id>/done/", views.done, name="done"),
    path("<int:follow_up_id>/reopen/", views.reopen, name="reopen"),
]
