from django.urls import path

from dashboard.entities.subscriptions import views

app_name = "subscriptions"
urlpatterns = [
    path("", views.index, name="index"),
    path("new/", views.new, name="new"),
    path("catalog/", views.catalog, name="catalog"),
    path("<id:subscription_id>/", views.show, name="show"),
]
