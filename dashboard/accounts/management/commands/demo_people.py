from django.conf import settings
from django.core.management.base import BaseCommand

from dashboard.accounts.demo import make_demo_people


class Command(BaseCommand):
    help = "Makes the demo people, with DEMO_PASSWORD; does nothing where that is not set."

    def handle(self, *args: object, **options: object) -> None:
        if settings.DEMO_PASSWORD:
            make_demo_people(settings.DEMO_PASSWORD)
