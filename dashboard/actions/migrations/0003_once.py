"""Of requests for the same action one may wait or be under way. Older twins of a database of before are void first."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.utils import timezone

UNDER_WAY = models.Q(state="waiting") | models.Q(state="sent", outcome="")


def void_twins(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The latest request stays. Whoever waited for an answer before this migration is not waiting any more."""
    acts = apps.get_model("acts", "Act").objects
    acts.filter(state="sent", outcome="").update(outcome="unknown")
    latest = set()
    for act in acts.filter(state="waiting").order_by("-asked_at", "-pk"):
        same = (act.kind, act.organization, act.code if act.kind == "apply-coupon" else act.record)
        if same in latest:
            acts.filter(pk=act.pk).update(state="void", words="same-request", decided_at=timezone.now())
        latest.add(same)


class Migration(migrations.Migration):
    dependencies = [
        ("acts", "0002_withdrawn"),
    ]

    operations = [
        migrations.RunPython(void_twins, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="act",
            constraint=models.UniqueConstraint(
                condition=UNDER_WAY & models.Q(kind="apply-coupon"),
                fields=("organization", "code"),
                name="act_coupon_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="act",
            constraint=models.UniqueConstraint(
                condition=UNDER_WAY & ~models.Q(kind="apply-coupon"),
                fields=("kind", "organization", "record"),
                name="act_record_once",
            ),
        ),
    ]
