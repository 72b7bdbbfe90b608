from django.urls import path

from dashboard.entities.clients import contact_views, views

app_name = "clients"
urlpatterns = [
    path("", views.index, name="index"),
    path("new/", views.new, name="new"),
    path("<id:client_id>/", views.edit, name="edit"),
    path("<id:client_id>/documents/", views.documents, name="documents"),
    path("<id:client_id>/contacts/new/", contact_views.new, name="new-contact"),
    path("<id:client_id>/contacts/<id:contact_id>/", contact_views.edit, name="contact"),
    path("<id:client_id>/contacts/<id:contact_id>/delete/", contact_views.delete, name="delete-contact"),
]
