"""The pages on which somebody without a session asks for a link, and chooses a password by it."""

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.contrib.auth.views import PasswordResetConfirmView
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from publishing import mail
from publishing.web import limits

from . import links
from .mail import mail_link

# For one address. Above that nothing is sent, without a message; SignInLimits limits by network.
FORGOTTEN_RATE = "1/minute; 4/hour"


class ForgottenForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request):
    """Ask for a link. The answer, and what it costs, is the same whether or not there is such an account."""
    form = ForgottenForm(request.POST if request.method == "POST" else None)
    is_sent = mail.is_set_up() and form.is_valid()
    if is_sent:
        email = form.cleaned_data["email"]
        counted = salted_hmac("articles.staff.forgotten", email.casefold()).hexdigest()
        if not limits.seconds_to_wait(FORGOTTEN_RATE, "forgotten", counted):
            accounts = User.objects.filter(email__iexact=email, is_active=True, is_staff=True)
            for key in accounts.values_list("pk", flat=True)[:3] or [0]:
                mail_link.enqueue(key)
    context = {
        **admin.site.each_context(request),
        "title": gettext("New password"),
        "form": form,
        "is_sent": is_sent,
        "has_mail": mail.is_set_up(),
    }
    return render(request, "admin/articles/staff/forgotten.html", context)


class ChoosePassword(PasswordResetConfirmView):
    """The page of a link. Django keeps the token in the session, so that no address after the first one has it."""

    token_generator = links.tokens
    template_name = "admin/articles/staff/password.html"
    success_url = reverse_lazy("admin:login")
    title = _("Choose your password")

    def get_user(self, uidb64):
        user = super().get_user(uidb64)
        return user if user and links.is_open(user) else None

    def form_valid(self, form):
        text = gettext("Your password is stored. Log in as %(name)s.")
        messages.success(self.request, text % {"name": self.user.get_username()})
        return super().form_valid(form)

    def get_context_data(self, **kwargs):
        context = admin.site.each_context(self.request) | super().get_context_data(**kwargs)
        return context if self.validlink else context | {"title": gettext("This link no longer works")}

    def render_to_response(self, context, **kwargs):
        return super().render_to_response(context, status=200 if self.validlink else 410, **kwargs)


choose = ChoosePassword.as_view()
