from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from buddying import unsent
from buddying.models import Person
from buddying.reader import reader
from reflection import helping
from reflection.forms import MessageForm
from reflection.models import HelpMessage, HelpThread


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Write to one lead. Where a conversation with them is open, it goes on there."""
    me = reader(request)
    offer = next((offer for offer in helping.offered_to(me) if offer.person.pk == pk), None)
    if offer is None:
        raise Http404
    if request.method == "GET" and (open_one := _open_with(me, pk)):
        return redirect("reflection:conversation", open_one.pk)
    form = MessageForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        thread = helping.ask(offer.person, form.cleaned_data["text"], by=me)
        unsent.forget(me, "help", pk)
        told = _("%(name)s is told that there is a message. You see the answer here.")
        messages.success(request, told % {"name": offer.person.name})
        return redirect("reflection:conversation", thread.pk)
    context = {"offer": offer, "form": form}
    return render(request, "reflection/ask_for_help.html", context, status=422 if form.errors else 200)


def _open_with(me: Person, lead_pk: int) -> HelpThread | None:
    return HelpThread.objects.visible_to(me).open().filter(writer=me, lead=lead_pk).first()


@login_required
@require_http_methods(["GET", "POST"])
def conversation(request: HttpRequest, pk: int) -> HttpResponse:
    """What the two have written. Opening it counts as having read it."""
    thread, me = _thread(request, pk), reader(request)
    form = MessageForm(request.POST if request.method == "POST" and not thread.closed_at else None)
    form.fields["text"].label = _("Your answer")
    if form.is_valid():
        return _write(request, thread, form.cleaned_data["text"])
    written = list(HelpMessage.objects.visible_to(me).filter(thread=thread).select_related("author"))
    unread = {one.pk for one in helping.unread(thread, me)}
    if unread:
        helping.mark_read(thread, me, until=written[-1].written_at)
    context = {
        "thread": thread,
        "other": thread.other(me),
        "written": [(one, one.pk in unread) for one in written],
        "still_leads": helping.still_leads(thread),
        "form": form,
    }
    return render(request, "reflection/conversation.html", context, status=422 if form.errors else 200)


def _write(request: HttpRequest, thread: HelpThread, text: str) -> HttpResponse:
    try:
        helping.write(thread, text, by=reader(request))
        unsent.forget(reader(request), "conversation", thread.pk)
    except helping.Closed:
        messages.warning(request, _("This conversation was closed meanwhile. Nothing was sent."))
    return redirect("reflection:conversation", thread.pk)


@login_required
@require_POST
def closure(request: HttpRequest, pk: int) -> HttpResponse:
    helping.close(_thread(request, pk), by=reader(request))
    messages.success(request, _("The conversation is closed. The two of you can still read it."))
    return redirect("insights:help")


def _thread(request: HttpRequest, pk: int) -> HelpThread:
    threads = HelpThread.objects.visible_to(request.user).select_related("writer", "lead", "programme")
    return get_object_or_404(threads, pk=pk)
