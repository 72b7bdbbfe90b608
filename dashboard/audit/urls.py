from django.urls import path

from . import views

app_name = "audit"
urlpatterns = [path("settle/<slug:write>/", views.settle, name="settle")]
