from datetime import timedelta

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone


def those_handed_out(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What was handed out before lasts as long from now on."""
    people = apps.get_model("accounts", "Person").objects.filter(must_change_password=True)
    people.update(one_time_until=timezone.now() + timedelta(hours=72))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_people_manager")]

    operations = [
        migrations.AddField("person", "one_time_until", models.DateTimeField(editable=False, null=True)),
        migrations.RunPython(those_handed_out, migrations.RunPython.noop, elidable=True),
    ]
