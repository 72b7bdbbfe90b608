"""Two lists, and the place where the audit trail looks for what was added here."""

from django.urls import path

from dashboard.entities.reference import views

app_name = "reference"
urlpatterns = [
    path("languages/", views.language_list, name="languages"),
    path("languages/new/", views.new_language, name="new-language"),
    path("languages/<id:language_id>/", views.language, name="language"),
    path("countries/", views.country_list, name="countries"),
    path("countries/<id:country_id>/", views.country, name="country"),
    path("reference/<id:language_id>/", views.show, name="show"),
]
