from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SupportConfig(AppConfig):
    name = "support"
    verbose_name = _("Help (Annex 2)")

    def ready(self) -> None:
        import_module("support.receivers")  # only now: it reads the models
