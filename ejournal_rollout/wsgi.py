"""The door for a WSGI server: gunicorn ejournal_rollout.wsgi."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ejournal_rollout.settings")

application = get_wsgi_application()
