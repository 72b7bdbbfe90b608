"""Below an organization's profile."""

from django.urls import path

from dashboard.actions.clearing import views

app_name = "clearing"
urlpatterns = [
    path("clear/", views.start, name="clear"),
    path("clear/<slug:operation>/confirm/", views.confirm, name="clear-confirm"),
    path("clear/<slug:operation>/proof/", views.show_proof, name="clear-proof"),
]
