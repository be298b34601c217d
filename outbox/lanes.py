from django.db.models import IntegerChoices


class Lane(IntegerChoices):
    """Who goes first when many wait: a code to log in never stands behind a thousand reminders."""

    URGENT, TIMELY, ORDINARY = 0, 1, 2
