from django import template
from django.conf import settings
from django.utils.translation import get_language

register = template.Library()


@register.simple_tag
def other_languages() -> list[tuple[str, str]]:
    """Each under the name that its own speakers know it by."""
    return [(code, name) for code, name in settings.LANGUAGES if code != get_language()]
