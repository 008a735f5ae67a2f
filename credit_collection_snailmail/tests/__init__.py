from . import test_snailmail_letters
from . import test_snailmail_settings
