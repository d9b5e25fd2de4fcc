"""Build the styles and scripts of all pages once; run by ``odoo shell``, which gives `env`."""

env["ir.qweb"]._pregenerate_assets_bundles()  # noqa: F821
env.cr.commit()  # noqa: F821
