def post_init_hook(env):
    """Give every receivable account its role, the installed companies their settings."""
    env["account.account"]._preset_collection_roles()


def uninstall_hook(env):
    """Nothing of ours lives on the ledger: dropping our own tables is all there is to undo."""
