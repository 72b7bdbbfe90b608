"""The server's way in."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
application = get_wsgi_application()

# People live in the database, so this can only be asked once the apps are loaded.
from dashboard.accounts.demo import refuse_demo_passwords  # noqa: E402

refuse_demo_passwords()
