"""``{% who_can_see "sessions_log.PrivateNote" %}`` prints the audience's words from the rule itself."""

from django import template
from django.apps import apps

register = template.Library()


@register.simple_tag
def who_can_see(model: str) -> str:
    return str(apps.get_model(model).audience.words)
