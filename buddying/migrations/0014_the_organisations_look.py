from django.core.validators import MaxValueValidator
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("buddying", "0013_names_of_fields")]

    operations = [
        migrations.AddField("organisation", "has_landing_page", models.BooleanField(default=True)),
        migrations.AddField(
            "organisation",
            "accent_hue",
            models.PositiveSmallIntegerField(default=174, validators=[MaxValueValidator(360)]),
        ),
        migrations.AddField("organisation", "logo", models.BinaryField(editable=False, null=True)),
        migrations.AddField("organisation", "logo_width", models.PositiveSmallIntegerField(editable=False, null=True)),
        migrations.AddField("organisation", "logo_height", models.PositiveSmallIntegerField(editable=False, null=True)),
        migrations.AddField("organisation", "looks_so_since", models.DateTimeField(editable=False, null=True)),
        migrations.AddConstraint(
            "organisation",
            models.CheckConstraint(
                condition=Q(accent_hue__lte=360),
                name="an_accent_is_a_hue",
                violation_error_message="A hue is a number from 0 to 360.",
            ),
        ),
        migrations.AddConstraint(
            "organisation",
            models.CheckConstraint(
                condition=Q(logo=None, logo_height=None, logo_width=None)
                | Q(logo__isnull=False, logo_height__isnull=False, logo_width__isnull=False),
                name="a_logo_has_a_size",
            ),
        ),
    ]
