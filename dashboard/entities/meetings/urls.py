from django.urls import path

from dashboard.entities.meetings import views

app_name = "meetings"
urlpatterns = [
    path("", views.index, name="index"),
    path("new/", views.new, name="new"),
    path("<id:meeting_id>/", views.edit, name="edit"),
]
