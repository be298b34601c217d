from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from buddying import logos
from buddying.models import Organisation
from buddying.models.organisation import LARGEST_HUE

OWN = "own"
SWATCHES = [
    ("174", _("Pine")),
    ("225", _("Sea")),
    ("262", _("Blue")),
    ("300", _("Violet")),
    ("345", _("Plum")),
    ("20", _("Brick")),
    ("60", _("Bronze")),
    ("110", _("Olive")),
    ("145", _("Leaf")),
    (OWN, _("Another, by its number")),
]


class OrganisationForm(forms.ModelForm):
    logo_file = forms.FileField(
        label=_("Logo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        help_text=_(
            "A PNG, JPEG or WebP file of at most 2 MB. It stands at the top of each page and on printed sheets."
        ),
    )
    remove_logo = forms.BooleanField(label=_("Take the logo away"), required=False)
    swatch = forms.ChoiceField(
        label=_("Accent colour"),
        choices=SWATCHES,
        widget=forms.RadioSelect,
        help_text=_(
            "For buttons, links and what can be acted on. How light it is stays as it is, so all of it can be read."
        ),
    )

    class Meta:
        model = Organisation
        fields = ["name", "contact_email", "support_contacts", "accent_hue", "has_landing_page"]
        widgets = {
            "support_contacts": forms.Textarea(attrs={"rows": 3}),
            "accent_hue": forms.NumberInput(attrs={"inputmode": "numeric", "min": 0, "max": LARGEST_HUE}),
        }
        labels = {
            "name": _("Name of the organisation"),
            "contact_email": _("Address for questions about the product"),
            "support_contacts": _("Where people can turn when it is more than coaching"),
            "accent_hue": _("Number of another colour"),
            "has_landing_page": _("Visitors see a page about Buddying before they log in"),
        }
        help_texts = {
            "contact_email": _("It stands on the help page."),
            "support_contacts": _(
                "One contact a line. They stand in agreements, on the help page and beside sessions."
            ),
            "accent_hue": _("From 0 to 360, around the circle of colours: 30 is red, 110 yellow, 145 green, 260 blue."),
            "has_landing_page": _("Without it, whoever comes is asked to log in at once."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hue_before = self.instance.accent_hue
        hue = str(self.hue_before)
        self.initial["swatch"] = hue if hue in dict(SWATCHES) else OWN
        self.fields["accent_hue"].required = False
        if not self.instance.has_logo:
            del self.fields["remove_logo"]

    def clean_logo_file(self) -> logos.Logo | None:
        file: UploadedFile | None = self.cleaned_data["logo_file"]
        if not file:
            return None
        try:
            return logos.read(file, file.size or 0)
        except logos.NotALogo as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("swatch", OWN) != OWN:
            cleaned["accent_hue"] = int(cleaned["swatch"])
        elif cleaned.get("accent_hue") is None and "accent_hue" not in self.errors:
            self.add_error("accent_hue", _("Please give a number from 0 to 360, or choose a colour above."))
        return cleaned

    def save(self, commit: bool = True) -> Organisation:
        organisation, logo = self.instance, self.cleaned_data["logo_file"]
        takes_away = self.cleaned_data.get("remove_logo", False)
        if logo:
            organisation.logo, organisation.logo_width, organisation.logo_height = logo.image, logo.width, logo.height
        elif takes_away:
            organisation.logo = organisation.logo_width = organisation.logo_height = None
        if logo or takes_away or organisation.accent_hue != self.hue_before:
            organisation.looks_so_since = timezone.now()
        return super().save(commit)
