from django.urls import path

from dashboard.accounts import own_account as oneself
from dashboard.accounts import people as everybody

people = (
    [
        path("", everybody.index, name="index"),
        path("new/", everybody.new, name="new"),
        path("<int:person_id>/", everybody.edit, name="edit"),
        path("<int:person_id>/deactivate/", everybody.deactivate, name="deactivate"),
        path("<int:person_id>/activate/", everybody.activate, name="activate"),
        path("<int:person_id>/password/", everybody.reset_password, name="reset-password"),
        path("<int:person_id>/sessions/end/", everybody.end_sessions, name="end-sessions"),
    ],
    "people",
)
me = (
    [
        path("", oneself.index, name="index"),
        path("password/", oneself.password, name="password"),
        path("keys/", oneself.keys, name="keys"),
        path("sessions/end/", oneself.end_others, name="end-others"),
        path("sessions/<int:session_id>/end/", oneself.end_one, name="end-one"),
    ],
    "me",
)
