from . import test_sla_timer
from . import test_sla_matching
from . import test_sla_sweep
