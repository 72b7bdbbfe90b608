from django.apps import AppConfig


class NotesConfig(AppConfig):
    name = "dashboard.notes"
    label = "notes"
