from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from buddying.forms.people import MeForm
from buddying.models import Person


@login_required
@require_http_methods(["GET", "POST"])
def me(request: HttpRequest) -> HttpResponse:
    mine = get_object_or_404(Person.objects.visible_to(request.user), pk=request.user.pk)
    form = MeForm(request.POST or None, instance=mine)
    if request.method == "POST" and form.is_valid():
        with translation.override(form.save().language):
            messages.success(request, _("Saved."))
        return redirect("buddying:me")
    return render(request, "buddying/me.html", {"form": form}, status=422 if form.errors else 200)
