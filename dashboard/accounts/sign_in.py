"""Sign-in page: allauth's, with its answer to somebody who tries too often, and a device that is known from then on."""

from allauth.account.views import LoginView
from django.http import HttpResponse

from dashboard.accounts.adapter import LOCKED_FOR
from dashboard.accounts.known_devices import remember


class SignInView(LoginView):  # type: ignore[misc]  # allauth is untyped
    def form_valid(self, form: object) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        if self.request.user.is_authenticated:
            remember(response, self.request.user)
        return response

    def form_invalid(self, form: object) -> HttpResponse:
        """The form again, with what to do; the name that was typed stays."""
        response: HttpResponse = super().form_invalid(form)
        if form.has_error("__all__", "too_many_login_attempts"):  # type: ignore[attr-defined]
            response.status_code = 429
            response.headers["Retry-After"] = str(LOCKED_FOR)
        return response


sign_in = SignInView.as_view()
