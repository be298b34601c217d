"""Sentences for people: put into the reader's language when they are shown."""

from django.utils.functional import Promise

Words = str | Promise
