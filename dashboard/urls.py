"""Where everything is. A view's own URLs are in its package."""

from django.urls import URLPattern, URLResolver, include, path, register_converter

from allauth.account import views as allauth_views  # isort: skip

from dashboard.accounts.sign_in import sign_in
from dashboard.accounts.urls import own_account_urls, people_urls
from dashboard.entities.organizations import views as organizations
from dashboard.entity import entities
from dashboard.web import away, views
from dashboard.web.converters import IdConverter
from dashboard.web.request import public

register_converter(IdConverter, "id")
handler429 = "dashboard.web.responses.too_many"  # allauth asks for it
handler500 = "dashboard.web.responses.server_error"

of_organization: list[URLPattern | URLResolver] = [
    path("subscriptions/", include("dashboard.actions.urls")),  # ahead of the ids of subscriptions
    *(path(f"{entity.name}/", include(entity.urls)) for entity in entities() if entity.urls),
    path("profile/", include("dashboard.actions.clearing_urls")),
    path("", include("dashboard.entities.reference.urls")),
    path("notes/", include("dashboard.notes.urls")),
    path("opened/", views.opened, name="opened"),
]

urlpatterns = [
    path("", organizations.index, name="home"),
    path("", include("dashboard.entities.organizations.urls")),
    path("o/<id:org>/", include(of_organization)),
    path("", include("dashboard.audit.urls")),
    path("", include("dashboard.tables.exports.urls")),
    path("status/", include("dashboard.status.urls")),
    path("", include("dashboard.search.urls")),
    path("", include("dashboard.actions.approvals.urls")),
    path("coupons/", include("dashboard.actions.bulk.urls")),
    path("followups/", include("dashboard.notes.followup_urls")),
    path("people/", include(people_urls)),
    path("accounts/me/", include(own_account_urls)),
    path("accounts/login/", public(sign_in), name="account_login"),
    path("accounts/logout/", public(allauth_views.logout), name="account_logout"),
    path("help/", views.help_page, name="help"),
    path("away/", away.away, name="away"),
    path("theme/", views.theme, name="theme"),
    path("healthz", views.healthz, name="healthz"),
]
