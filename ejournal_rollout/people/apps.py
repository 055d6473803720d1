from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from .russian_search import use_russian_like


class PeopleConfig(AppConfig):
    name = "ejournal_rollout.people"
    verbose_name = _("People")

    def ready(self) -> None:
        use_russian_like()
