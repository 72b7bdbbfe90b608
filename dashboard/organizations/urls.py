from django.urls import path

from . import views

app_name = "organizations"
urlpatterns = [
    path("organizations/new/", views.new, name="new"),
    path("o/<id:org>/", views.overview, name="overview"),
]
