"""Room to write in on sheets of paper."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

LINE = '<div class="{}"></div>'
BLANK = "\N{BLANK SYMBOL}"  # stands in a text where somebody writes a name


@register.filter
def lines(number: int) -> SafeString:
    """So many ruled lines."""
    return format_html('<div class="lines">{}</div>', format_html_join("", LINE, (("line",),) * number))


@register.filter
def with_blanks(text: str) -> SafeString:
    return format_html_join(SafeString('<span class="blank"></span>'), "{}", ((part,) for part in text.split(BLANK)))
