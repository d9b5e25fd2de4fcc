"""Build the styles and scripts of the pages a person opens; ``odoo shell`` gives `env`."""

bundle = env["ir.qweb"]._get_asset_bundle
for name in ("web.assets_web", "web.assets_frontend_minimal", "web.assets_frontend_lazy"):
    bundle(name, css=False, js=True).js()
for name in ("web.assets_web", "web.assets_web_print", "web.assets_frontend"):
    bundle(name, css=True, js=False).css()
env.cr.commit()
