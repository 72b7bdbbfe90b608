from django.urls import path

from dashboard.entities.configs import views

app_name = "configs"
urlpatterns = [
    path("", views.index, name="index"),
    path("<id:config_id>/", views.edit, name="edit"),
]
