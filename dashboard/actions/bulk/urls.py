from django.urls import path

from dashboard.actions.bulk import views

app_name = "batches"

urlpatterns = [
    path("", views.index, name="index"),
    path("new/", views.new, name="new"),
    path("<slug:batch>/", views.show, name="show"),
    path("<slug:batch>/next/", views.send_next, name="next"),
    path("<slug:batch>/pause/", views.pause, name="pause"),
    path("<slug:batch>/resume/", views.resume, name="resume"),
]
