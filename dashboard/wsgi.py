"""The server's way in. It is read once, before the workers part from it (`--preload`), so that they share what it has
loaded; what they must not share is closed."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
application = get_wsgi_application()

# People live in the database, so this can only be asked once the apps are loaded.
from dashboard.accounts.demo import refuse_demo_passwords  # noqa: E402

refuse_demo_passwords()

from django.db import connections  # noqa: E402
from django.urls import get_resolver  # noqa: E402

_views = get_resolver().url_patterns  # and all that they import
for each in connections.all():
    each.close()
    getattr(each, "close_pool", lambda: None)()  # it has threads, which would not come along
gc.collect()
gc.freeze()  # the collector writes into what it looks at, and a page that is written to is shared no more
