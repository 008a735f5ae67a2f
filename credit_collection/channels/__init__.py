from . import channel, email, letter, registered_letter, task
