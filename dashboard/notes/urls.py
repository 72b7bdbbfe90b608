from django.urls import path

from dashboard.notes import views

app_name = "notes"
urlpatterns = [
    path("<int:note_id>/", views.edit, name="edit"),
    path("<int:note_id>/withdraw/", views.withdraw, name="withdraw"),
    path("<slug:entity>/<id:record>/", views.about, name="about"),
]
