from django.apps import AppConfig


class BatchesConfig(AppConfig):
    name = "dashboard.actions.bulk"
    label = "batches"
