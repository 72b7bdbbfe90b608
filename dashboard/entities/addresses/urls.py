from django.urls import path

from dashboard.entities.addresses import views

app_name = "addresses"
urlpatterns = [
    path("", views.index, name="index"),
    path("new/", views.new, name="new"),
    path("<id:address_id>/", views.edit, name="edit"),
    path("<id:address_id>/delete/", views.delete, name="delete"),
]
