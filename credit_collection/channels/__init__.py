from . import (
    channel,
    email,
    letter,
    registered_letter,
    registered_maileva,
    registered_provider,
    sms,
    task,
)
