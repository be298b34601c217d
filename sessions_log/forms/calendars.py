from django import forms
from django.utils.translation import gettext_lazy as _

from sessions_log.own_calendars import OwnCalendar


class TitlesForm(forms.Form):
    titles = forms.ChoiceField(
        label=_("What your calendar calls a session"),
        choices=OwnCalendar.TITLES,
        widget=forms.RadioSelect,
        help_text=_(
            "Others may be able to read your calendar. Nothing else about a session is ever in it but when and where "
            "it is."
        ),
    )
