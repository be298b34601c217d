from django.urls import path

from reflection.views import agreement, reflection

app_name = "reflection"
urlpatterns = [
    path("pairings/<int:pk>/agreement/", agreement.agreement, name="agreement"),
    path("pairings/<int:pk>/agreement/signature/", agreement.signature, name="signature"),
    path("pairings/<int:pk>/reflection/", reflection.joint, name="joint"),
    path("reflections/<int:pk>/", reflection.reflection, name="reflection"),
    path("reflections/<int:pk>/sharing/", reflection.sharing, name="sharing"),
]
