from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def carry_over(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Nobody has to sign in again, and who is signed in now can still be seen and ended."""
    rows = apps.get_model("accounts", "SignedIn").objects.filter(address__isnull=False)
    apps.get_model("usersessions", "UserSession").objects.bulk_create(
        apps.get_model("usersessions", "UserSession")(
            user_id=row.person_id,
            session_key=row.session_key,
            created_at=row.since,
            last_seen_at=row.used_at,
            ip=row.address,
            user_agent=row.browser[:200],
        )
        for row in rows
    )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_keys"),
        ("usersessions", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(carry_over, migrations.RunPython.noop),
        migrations.DeleteModel(name="SignedIn"),
    ]
