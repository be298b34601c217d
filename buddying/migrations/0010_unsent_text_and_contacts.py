import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import trust.fields


class Migration(migrations.Migration):
    dependencies = [
        ("buddying", "0009_stable_ids_and_how_long_it_is_kept"),
    ]

    operations = [
        migrations.AddField(
            model_name="programme",
            name="support_contacts",
            field=models.TextField(
                blank=True,
                help_text="Beside the organisation's own: one contact a line. It stands in agreements, on the help page and beside sessions.",
                verbose_name="where to turn when it is more than coaching",
            ),
        ),
        migrations.CreateModel(
            name="UnsentText",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("form", models.SlugField(max_length=40)),
                ("number", models.PositiveBigIntegerField()),
                ("typed", trust.fields.EncryptedTextField()),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-written_at"],
                "constraints": [
                    models.UniqueConstraint(fields=("author", "form", "number"), name="one_unsent_text_a_form")
                ],
            },
        ),
    ]
