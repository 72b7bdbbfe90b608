#!/usr/bin/env python
import os
import sys

from django.core.management import execute_from_command_line

# These ask Flowtly or the database, and answer no browser.
ANSWERS_NOBODY = {"check_api", "reconcile", "verify_audit"}

if __name__ == "__main__":
    if ANSWERS_NOBODY & set(sys.argv[1:2]) and not os.environ.get("ALLOWED_HOSTS"):
        os.environ["ALLOWED_HOSTS"] = "localhost"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
    execute_from_command_line(sys.argv)
