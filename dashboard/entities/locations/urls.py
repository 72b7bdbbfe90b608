from django.urls import path

from dashboard.entities.locations import views

app_name = "locations"
urlpatterns = [
    path("", views.index, name="index"),
    path("new/", views.new, name="new"),
    path("<id:location_id>/", views.edit, name="edit"),
]
