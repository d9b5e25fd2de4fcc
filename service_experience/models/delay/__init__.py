from . import service_delay_reason
