from django.apps import AppConfig


class BuddyingConfig(AppConfig):
    name = "buddying"
    verbose_name = "Buddying"

    def ready(self) -> None:
        from buddying import checks, letters  # noqa: F401

        letters.register_kinds()
