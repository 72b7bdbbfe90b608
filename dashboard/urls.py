"""Where everything is. A view's own URLs are in its package."""

from django.urls import include, path, register_converter

from allauth.account import views as allauth_views  # isort: skip

from dashboard import away, frame
from dashboard.accounts import urls as accounts_urls
from dashboard.converters import IdConverter
from dashboard.http import public
from dashboard.organizations import views as organizations

register_converter(IdConverter, "id")

of_organization = [
    path("addresses/", include("dashboard.addresses.urls")),
    path("integrations/", include("dashboard.integrations.urls")),
    path("locations/", include("dashboard.locations.urls")),
    path("profile/", include("dashboard.profile.urls")),
    path("profile/", include("dashboard.clearing.urls")),
    path("configs/", include("dashboard.configs.urls")),
    path("", include("dashboard.reference.urls")),
    path("subscriptions/", include("dashboard.acts.urls")),
    path("subscriptions/", include("dashboard.subscriptions.urls")),
    path("meetings/", include("dashboard.meetings.urls")),
    path("clients/", include("dashboard.clients.urls")),
    path("client-contacts/", include("dashboard.clients.contact_urls")),
    path("notes/", include("dashboard.notes.urls")),
]

urlpatterns = [
    path("", organizations.index, name="home"),
    path("", include("dashboard.organizations.urls")),
    path("o/<id:org>/", include(of_organization)),
    path("", include("dashboard.audit.urls")),
    path("", include("dashboard.exports.urls")),
    path("status/", include("dashboard.status.urls")),
    path("", include("dashboard.finding.urls")),
    path("", include("dashboard.approvals.urls")),
    path("coupons/", include("dashboard.batches.urls")),
    path("followups/", include("dashboard.notes.followup_urls")),
    path("people/", include(accounts_urls.people)),
    path("accounts/me/", include(accounts_urls.me)),
    path("accounts/login/", public(allauth_views.login), name="account_login"),
    path("accounts/logout/", public(allauth_views.logout), name="account_logout"),
    path("help/", frame.help_page, name="help"),
    path("away/", away.away, name="away"),
    path("theme/", frame.theme, name="theme"),
    path("healthz", frame.healthz, name="healthz"),
]
