from lxml import etree

from odoo import models


class IrQweb(models.AbstractModel):
    _inherit = "ir.qweb"

    def _generate_code_uncached(self, template):
        """Compile a text once for all the messages of a batch, where the context holds ``collection_compiled``.

        Core compiles the text of an e-mail anew for each of its recipients: most of the time it takes to write one.
        """
        compiled = self.env.context.get("collection_compiled")
        if compiled is None or not isinstance(template, etree._Element):
            return super()._generate_code_uncached(template)
        key = (etree.tostring(template), *(self.env.context.get(name) for name in self._get_template_cache_keys()))
        if key not in compiled:
            compiled[key] = super()._generate_code_uncached(template)
        return compiled[key]
