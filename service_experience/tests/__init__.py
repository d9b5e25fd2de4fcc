from . import test_sla_timer
