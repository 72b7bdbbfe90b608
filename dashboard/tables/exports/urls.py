from django.urls import path

from dashboard.tables.exports import views

app_name = "exports"
urlpatterns = [
    path("export/<slug:entity>.csv", views.export, name="all"),
    path("o/<id:org>/export/<slug:entity>.csv", views.export, name="list"),
]
