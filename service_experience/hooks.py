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
