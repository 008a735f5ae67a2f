{
    "name": "Credit Collection: Letters by Snailmail",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "summary": "Simple reminder letters printed and posted by Odoo's Snailmail",
    "author": "Credit Collection contributors",
    "website": "https://github.com/credit-collection/credit_collection",
    "license": "AGPL-3",
    "depends": ["credit_collection", "snailmail"],
    "data": [
        "views/res_config_settings_views.xml",
        "views/collection_delivery_views.xml",
    ],
    "auto_install": True,
}
