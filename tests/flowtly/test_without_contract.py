"""What this client believes of the API can be taken out whole: only /status/ and `check_api` miss it."""

import json
import os
import subprocess
import sys

from tests.support.sandbox import ROOT, Sandbox, settings_for

PROGRAM = """
import json
import sys

sys.modules["dashboard.flowtly.contract"] = None

import django
from django.conf import settings

django.setup()
for name, value in json.loads(sys.argv[2]).items():
    setattr(settings, name, value)

import dashboard.flowtly
import dashboard.urls
from django.core.management import call_command
from django.test import Client

from dashboard.accounts.models import Person

call_command("migrate", verbosity=0)
call_command("createcachetable")
client = Client()
client.force_login(Person.objects.create_superuser("root", password="x"))


def page(path):
    answer = client.get(path)
    return answer.status_code, answer.content.decode()


status, text = page(f"/o/{sys.argv[1]}/locations/")
assert (status, "data-rows" in text or "<tbody" in text) == (200, True), text
status, text = page("/status/")
assert status == 200, text
assert "is not part of this installation" in text, text
assert "locations" in text, "the figures are kept all the same"
assert client.post("/status/", {"compare": "1"}).status_code == 302
assert "is not part of this installation" in page("/status/")[1]
assert not [name for name in sys.modules if name.startswith("dashboard.flowtly.contract.")]
"""


def test_every_page_but_the_comparison_does_without_it(sandbox: Sandbox, an_organization: str) -> None:
    command = [sys.executable, "-c", PROGRAM, an_organization, json.dumps(settings_for(sandbox))]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
