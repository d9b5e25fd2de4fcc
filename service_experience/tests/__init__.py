from . import test_sla_timer
from . import test_sla_matching
from . import test_sla_sweep
from . import test_calendar_version
from . import test_sla_resilience
from . import test_sla_access
from . import test_js
