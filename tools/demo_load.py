"""Run in Odoo's shell on a fresh database by ``tools.demo``: the demo company, and French for its user."""

# ruff: noqa: F821  (Odoo's shell provides "env")
admin = env.ref("base.user_admin")
admin.write({"lang": "fr_FR", "tz": "Europe/Paris"})
env = env(context={**env.context, "lang": "fr_FR", "tz": "Europe/Paris"})
if "collection.demo" in env:
    env["collection.demo"]._load()
    print("loaded")
env.cr.commit()
