"""The Celery application. Beat only says "go": what is due is decided by rows in the database."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "buddying.settings")

app = Celery("buddying")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
