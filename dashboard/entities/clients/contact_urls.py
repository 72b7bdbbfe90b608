"""A contact by its id alone, as the trail knows it: of an entity of its own, for its id may be that of a client too."""

from django.urls import path

from dashboard.entities.clients.contact_views import show

app_name = "client-contacts"
urlpatterns = [path("<id:contact_id>/", show, name="show")]
