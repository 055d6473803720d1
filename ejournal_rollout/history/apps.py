from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HistoryConfig(AppConfig):
    name = "ejournal_rollout.history"
    verbose_name = _("Journal of changes")
