from django.urls import path

from . import views

app_name = "subscriptions"
urlpatterns = [
    path("", views.index, name="index"),
    path("catalog/", views.catalog, name="catalog"),
    path("<id:subscription_id>/", views.show, name="show"),
]
