from . import fax
