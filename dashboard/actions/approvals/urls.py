"""The list is nobody's in particular; each request is of its organization."""

from django.urls import path

from dashboard.actions.approvals import views

app_name = "approvals"
urlpatterns = [
    path("approvals/", views.index, name="index"),
    path("o/<id:org>/approvals/<slug:operation>/", views.show, name="show"),
]
