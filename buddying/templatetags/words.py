from django import template

from buddying.words import listed

register = template.Library()
register.filter("listed", listed)
