def post_init_hook(env):
    """Give every receivable account of the installed companies its role in collection."""
    env["account.account"]._preset_collection_roles()


def uninstall_hook(env):
    """Remove what hangs on collection's records in core's tables; the columns and tables go with the module."""
    for model, column in (
        ("ir.attachment", "res_model"),
        ("mail.activity", "res_model"),
        ("mail.followers", "res_model"),
    ):
        env[model].search([(column, "=like", "collection.%")]).unlink()
