from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = (
        "Brings this machine up to date: tables, the cache's table, demo people where wanted, static files."
    )

    def handle(self, *args: object, **options: object) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        call_command("demo_people")
        call_command("collectstatic", verbosity=0, interactive=False)
