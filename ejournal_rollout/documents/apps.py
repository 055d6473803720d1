from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    name = "ejournal_rollout.documents"
    verbose_name = _("Paper in, paper out")
