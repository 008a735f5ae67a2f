from . import res_company
from . import res_config_settings
from . import snailmail_letter
from . import mail_message
from . import collection_reminder
from . import collection_delivery
