from django import template

from buddying.shared_clock import epoch

register = template.Library()
register.filter("epoch", epoch)
