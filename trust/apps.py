from django.apps import AppConfig


class TrustConfig(AppConfig):
    name = "trust"
    verbose_name = "Trust"

    def ready(self) -> None:
        from outbox import readers, reconciling
        from trust import downloads, erasing, rights
        from trust.acting import acting_as

        readers.register(acting_as)
        rights.register_all()
        reconciling.register(erasing.keep_marks)
        reconciling.register(erasing.erase_again)
        reconciling.register(erasing.erase_what_came_after)
        reconciling.register(downloads.clear)
