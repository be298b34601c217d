from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

OUR_HUE = 174
LARGEST_HUE = 360


class Organisation(models.Model):
    """The one organisation that this deployment serves, and what the product looks like there."""

    name = models.CharField(_("name"), max_length=120, default="Our organisation")
    contact_email = models.EmailField(
        _("address for questions about the product"), blank=True, help_text=_("It stands on the help page.")
    )
    support_contacts = models.TextField(
        _("where to turn when it is more than coaching"),
        blank=True,
        help_text=_("One contact a line. They stand in agreements, on the help page and beside sessions."),
    )
    has_landing_page = models.BooleanField(default=True)
    accent_hue = models.PositiveSmallIntegerField(default=OUR_HUE, validators=[MaxValueValidator(LARGEST_HUE)])
    logo = models.BinaryField(null=True, editable=False)
    logo_width = models.PositiveSmallIntegerField(null=True, editable=False)
    logo_height = models.PositiveSmallIntegerField(null=True, editable=False)
    looks_so_since = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("organisation")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="there_is_one_organisation"),
            models.CheckConstraint(
                condition=Q(accent_hue__lte=LARGEST_HUE),
                name="an_accent_is_a_hue",
                violation_error_message=_("A hue is a number from 0 to 360."),
            ),
            models.CheckConstraint(
                condition=Q(logo=None, logo_width=None, logo_height=None)
                | Q(logo__isnull=False, logo_width__isnull=False, logo_height__isnull=False),
                name="a_logo_has_a_size",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def current(cls) -> Organisation:
        """Without the picture itself, which only its own address needs."""
        return cls.objects.defer("logo").filter(pk=1).first() or cls(pk=1)

    @property
    def has_logo(self) -> bool:
        return self.logo_width is not None

    @property
    def has_own_accent(self) -> bool:
        return self.accent_hue != OUR_HUE

    @property
    def look(self) -> int:
        """Changes whenever the look does, so that browsers may keep it for long."""
        return int(1000 * self.looks_so_since.timestamp()) if self.looks_so_since else 0
