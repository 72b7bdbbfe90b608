from django.urls import path, register_converter
from django.urls.converters import StringConverter

from dashboard.entities.profile import views


class PictureConverter(StringConverter):
    regex = "logo|icon"


register_converter(PictureConverter, "picture")

app_name = "profile"
urlpatterns = [
    path("", views.index, name="index"),
    # What these are about is a record to the trail, though it has no id: so it stands among the arguments.
    path("<picture:what>/", views.picture, name="picture"),
    path("<picture:what>/current/", views.current, name="current"),
    path("mail-footer/", views.mail_footer, {"record": "mail-footer"}, name="mail-footer"),
    path("mail-footer/preview/", views.footer_preview, name="footer-preview"),
]
