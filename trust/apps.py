from django.apps import AppConfig


class TrustConfig(AppConfig):
    name = "trust"
    verbose_name = "Trust"

    def ready(self) -> None:
        from outbox import readers
        from trust.acting import acting_as

        readers.register(acting_as)
