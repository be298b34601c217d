from django.db import migrations, models
from django.db.models import F


def all_were_mailed(apps, schema_editor):
    apps.get_model("buddying", "Invitation").objects.update(mailed_at=F("invited_at"))


class Migration(migrations.Migration):
    dependencies = [("buddying", "0014_the_organisations_look")]

    operations = [
        migrations.AddField(
            "invitation",
            "mailed_at",
            models.DateTimeField(editable=False, help_text="None if the address had had enough mail.", null=True),
        ),
        migrations.RunPython(all_were_mailed, migrations.RunPython.noop, elidable=True),
    ]
