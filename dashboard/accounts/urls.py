from django.urls import path

from dashboard.accounts import own_account, people

people_urls = (
    [
        path("", people.index, name="index"),
        path("new/", people.new, name="new"),
        path("<int:person_id>/", people.edit, name="edit"),
        path("<int:person_id>/deactivate/", people.act, {"name": "deactivate"}, name="deactivate"),
        path("<int:person_id>/activate/", people.act, {"name": "activate"}, name="activate"),
        path("<int:person_id>/password/", people.reset_password, name="reset-password"),
        path("<int:person_id>/sessions/end/", people.act, {"name": "end-sessions"}, name="end-sessions"),
    ],
    "people",
)
own_account_urls = (
    [
        path("", own_account.index, name="index"),
        path("password/", own_account.password, name="password"),
        path("keys/", own_account.keys, name="keys"),
        path("sessions/end/", own_account.end_others, name="end-others"),
        path("sessions/<int:session_id>/end/", own_account.end_one, name="end-one"),
    ],
    "me",
)
