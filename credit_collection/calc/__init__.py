"""Pure rules of collection: plain values in, plain values out, no import of Odoo."""
