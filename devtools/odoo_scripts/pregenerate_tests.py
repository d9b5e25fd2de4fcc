"""Build the styles and scripts that pages have in test mode; ``odoo shell`` gives `env`."""

bundle = env["ir.qweb"]._get_asset_bundle
for name in (
    "web.assets_web",
    "web.assets_frontend_minimal",
    "web.assets_frontend_lazy",
    "web.assets_emoji",
    "web.assets_tests",
    "web.__assets_tests_call__",
    "bus.websocket_worker_assets",
    "web.assets_unit_tests",
    "web.assets_unit_tests_setup",
):
    bundle(name, css=False, js=True).js()
for name in (
    "web.assets_web",
    "web.assets_web_print",
    "web.assets_frontend",
    "web.assets_unit_tests",
    "web.assets_unit_tests_setup",
):
    bundle(name, css=True, js=False).css()
env.cr.commit()
