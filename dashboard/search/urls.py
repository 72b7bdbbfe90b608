"""Of everything, and of what is within the organization one is in."""

from django.urls import path

from dashboard.search import views

app_name = "find"
urlpatterns = [
    path("find/", views.index, name="index"),
    path("o/<id:org>/find/", views.index, name="index"),
]
