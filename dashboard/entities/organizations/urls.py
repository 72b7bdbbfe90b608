from django.urls import path

from dashboard.entities.organizations import views

app_name = "organizations"
urlpatterns = [
    path("organizations/new/", views.new, name="new"),
    path("o/<id:org>/", views.overview, name="overview"),
]
