"""Run in Odoo's shell: builds the pages' scripts and styles once, instead of at each first visit."""

# ruff: noqa: F821  (Odoo's shell provides "env")
BUNDLES = (
    "web.assets_web",
    "web.assets_web_print",
    "web.assets_frontend",
    "web.assets_frontend_minimal",
    "web.assets_frontend_lazy",
    "web.assets_tests",
    "web_tour.automatic",
    "web_tour.interactive",
    "bus.websocket_worker_assets",
)
for name in BUNDLES:
    bundle = env["ir.qweb"]._get_asset_bundle(name, css=True, js=True)
    bundle.css()
    if name != "web.assets_web_print":
        bundle.js()
env.cr.commit()
