from django.db import migrations, models

TIERS = [
    ("mutual", "They named each other"),
    ("one-way", "One named the other"),
    ("also", "“Also happy with”"),
    ("none", "Nobody named the other"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("matching", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="matchrun",
            name="snapshot_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="matchrun",
            name="claimed_at",
            field=models.DateTimeField(help_text="Renewed with each step of progress.", null=True),
        ),
        migrations.AddField(
            model_name="matchrun",
            name="claims",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="proposal",
            name="weight",
            field=models.DecimalField(
                decimal_places=0, help_text="A whole number; large cohorts outgrow 64 bits.", max_digits=100
            ),
        ),
        migrations.AlterField(
            model_name="proposal",
            name="tier",
            field=models.CharField(choices=TIERS, max_length=10),
        ),
        migrations.AddField(
            model_name="proposalseat",
            name="tier",
            field=models.CharField(
                choices=TIERS, default="none", help_text="The best that this person can claim.", max_length=10
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="proposalseat",
            constraint=models.CheckConstraint(
                condition=models.Q(("tier__in", ["mutual", "one-way", "also", "none"])),
                name="known_tier_of_a_seat",
            ),
        ),
    ]
