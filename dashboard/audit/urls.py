"""Outside of any organization, but for the settling of a write: that asks Flowtly about one's records."""

from django.urls import path

from dashboard.audit import views

app_name = "audit"
urlpatterns = [
    path("audit/", views.index, name="index"),
    path("audit/<slug:write>/", views.write, name="write"),
    path("audit/<slug:write>/settle/", views.settle, name="settle"),
    path("o/<id:org>/settle/<slug:write>/", views.settle, name="settle"),
]
