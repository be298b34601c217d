from django.apps import AppConfig


class EquippingConfig(AppConfig):
    name = "equipping"

    def ready(self) -> None:
        from buddying import registry
        from equipping import letters, rewording, rights

        letters.register_kinds()
        rights.register_all()
        registry.when_copied.append(rewording.copy_words)
