"""Models and migrations say the same."""

from django.core.management import call_command


def test_no_model_is_ahead_of_its_migrations(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True)
