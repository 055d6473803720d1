from django.contrib.admin.apps import AdminConfig


class SchoolAdminConfig(AdminConfig):
    """Django's admin behind the site's own door: one sign-in, rights by the roles of the order."""

    default_site = "ejournal_rollout.people.admin_site.SchoolAdminSite"
