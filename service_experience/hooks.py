# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""What happens around the installation."""

from odoo.tools import sql


def pre_init_hide_existing_projects(env):
    """Show no existing project to its customer because of an installation.

    New projects are visible to their customer from the start. Those that are there already get
    the column without its default: showing them is a decision of a person.
    """
    if not sql.column_exists(env.cr, "project_project", "customer_visible"):
        sql.create_column(env.cr, "project_project", "customer_visible", "boolean")


def uninstall_keep_used_language(env):
    """Leave Kazakh to its readers: Odoo refuses to delete a language that is active.

    Without its external ID it is as if somebody had added it by hand.
    """
    name = "service_experience.lang_kk"
    language = env.ref(name, raise_if_not_found=False)
    if language and language.active:
        module, name = name.split(".")
        env["ir.model.data"].search([("module", "=", module), ("name", "=", name)]).unlink()


def post_init_look_at_history(env):
    """Let the detection look at what is there, and the forecast learn from what was finished."""
    env["service.delay.change"].add_history()
