from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "outbox"
    verbose_name = "Outbox"

    def ready(self) -> None:
        from outbox import bounces, digests, incoming, reconciling

        digests.register_kind()
        reconciling.register(digests.release_what_was_left)
        incoming.register(bounces.read_report)
