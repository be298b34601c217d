from django.apps import AppConfig


class EquippingConfig(AppConfig):
    name = "equipping"

    def ready(self) -> None:
        from buddying import registry
        from equipping import letters, rewording

        letters.register_kinds()
        registry.when_copied.append(rewording.copy_words)
