from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from outbox.incoming import take
from outbox.views.bearer import admit


@csrf_exempt
@require_POST
def incoming(request: HttpRequest) -> HttpResponse:
    """One mail, as it came, in the body: 204 when it was for us, 422 when nobody here knows what to do with it."""
    admit(request, settings.INCOMING_MAIL_SECRET)
    return HttpResponse(status=204 if take(request.body) else 422)
